using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace TwistedPS.Help;

/// <summary>The page of a cmdlet: its notes, examples and related links.</summary>
internal sealed class Page
{
    private string _section = "";

    public List<string> Notes { get; } = [];

    public List<Example> Examples { get; } = [];

    public List<Link> Links { get; } = [];

    /// <summary>Reads a page; an empty one if there is no such file.</summary>
    public static Page Read(string path)
    {
        var page = new Page();
        if (File.Exists(path))
        {
            foreach (Block block in Markdown.Parse(File.ReadAllText(path)))
                page.Add(block);
        }

        return page;
    }

    private void Add(Block block)
    {
        switch (block)
        {
            case HeadingBlock { Level: 2 } heading:
                _section = Words(heading.Inline);
                break;
            case HeadingBlock { Level: 3 } heading:
                Examples.Add(new Example(Words(heading.Inline)));
                break;
            case FencedCodeBlock code when Examples.Count > 0:
                Examples[^1].Code.Add(code.Lines.ToString());
                break;
            default:
                AddText(block);
                break;
        }
    }

    private void AddText(Block block)
    {
        IEnumerable<string> texts = block is LeafBlock leaf
            ? [Words(leaf.Inline)]
            : block.Descendants<ParagraphBlock>().Select(paragraph => $"- {Words(paragraph.Inline)}");
        if (_section == "Notes")
            Notes.AddRange(texts);
        else if (_section == "Examples" && Examples.Count > 0)
            (Examples[^1].Code.Count == 0 ? Examples[^1].Introduction : Examples[^1].Remarks).AddRange(texts);
        else if (_section == "Related links")
            Links.AddRange(block.Descendants<LinkInline>().Select(link => new Link(Words(link), link.Url ?? "")));
    }

    private static string Words(ContainerInline? inline) => string.Concat((inline?.Descendants() ?? []).Select(part => part switch
    {
        LiteralInline text => $"{text.Content}",
        CodeInline code => code.Content,
        LineBreakInline => " ",
        _ => "",
    }));
}
