using System.Globalization;
using System.Text;

namespace TwistedPS.Bench;

/// <summary>A picture of texts, bars and lines, readable on light and dark backgrounds.</summary>
internal sealed class Svg
{
    private const string Style = """
        <style>
        text { font: 12px system-ui, sans-serif; fill: #24292f; }
        .title { font-weight: 600; font-size: 14px; }
        .quiet { fill: #57606a; }
        .own { fill: #0969da; stroke: #0969da; }
        .other { fill: #8c959f; stroke: #8c959f; }
        text.own, text.other, rect.own, rect.other { stroke: none; }
        text.other { fill: #57606a; }
        polyline.own, polyline.other { fill: none; stroke-width: 2; }
        .axis { stroke: #d0d7de; }
        @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3; }
        .quiet, text.other { fill: #9198a1; }
        .own { fill: #4493f8; stroke: #4493f8; }
        .other { fill: #6e7681; stroke: #6e7681; }
        .axis { stroke: #3d444d; }
        }
        </style>

        """;

    private readonly StringBuilder _text = new();

    public Svg(int width, int height, string title)
    {
        Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\"");
        Append($"  width=\"{width}\" height=\"{height}\">");
        Append($"<title>{title}</title>");
        _text.Append(Style);
    }

    public void Text(double x, double y, string style, string text, string anchor = "start") =>
        Append($"<text class=\"{style}\" x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\">{Escape(text)}</text>");

    public void Bar(double x, double y, double width, double height, string style) =>
        Append($"<rect class=\"{style}\" x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{width:0.#}\" height=\"{height:0.#}\"/>");

    public void Line(IEnumerable<(double X, double Y)> points, string style)
    {
        Append($"<polyline class=\"{style}\" points=\"");
        foreach ((double x, double y) in points)
            Append($"{x:0.#},{y:0.#}");
        Append($"\"/>");
    }

    public override string ToString() => _text + "</svg>\n";

    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    private void Append(FormattableString element) =>
        _text.Append(element.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
