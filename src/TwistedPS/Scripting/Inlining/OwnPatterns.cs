using System.Collections.ObjectModel;
using System.Management.Automation.Language;
using System.Reflection;
using System.Text.RegularExpressions;

namespace TwistedPS.Scripting.Inlining;

/// <summary>
/// Gives a script regular expressions of its own for the patterns written in it. PowerShell has one for each pattern in the whole
/// process, and looks it up at each match; threads that match by the same one hold each other up.
/// </summary>
internal static class OwnPatterns
{
    // A tree can't be changed otherwise, and PowerShell reads it only when the script is first called.
    private static readonly FieldInfo? s_right = FieldOf<BinaryExpressionAst>(nameof(BinaryExpressionAst.Right));
    private static readonly FieldInfo? s_clauses = FieldOf<SwitchStatementAst>(nameof(SwitchStatementAst.Clauses));

    /// <summary>Changes a script that nobody else has, and that has not been called. On the thread that is to call it.</summary>
    /// <param name="script">The script.</param>
    /// <param name="options">Options of the regular expressions, besides those that an operator implies.</param>
    /// <returns>The script.</returns>
    public static ScriptBlockAst Give(ScriptBlockAst script, RegexOptions options)
    {
        foreach (Ast ast in script.FindAll(ast => ast is BinaryExpressionAst or SwitchStatementAst, searchNestedScriptBlocks: true))
        {
            if (ast is BinaryExpressionAst both)
                Give(both, options);
            else
                Give((SwitchStatementAst)ast, options);
        }

        return script;
    }

    private static void Give(BinaryExpressionAst both, RegexOptions options)
    {
        Func<ExpressionAst, ExpressionAst?>? own = both.Operator switch
        {
            TokenKind.Imatch or TokenKind.Inotmatch or TokenKind.Ireplace => pattern => Expression(pattern, options | RegexOptions.IgnoreCase),
            TokenKind.Cmatch or TokenKind.Cnotmatch or TokenKind.Creplace => pattern => Expression(pattern, options),
            TokenKind.Isplit or TokenKind.Csplit => Marked,
            _ => null,
        };
        if (own is not null && Right(both.Right, own) is { } right)
            s_right?.SetValue(both, right);
    }

    private static void Give(SwitchStatementAst choice, RegexOptions options)
    {
        if (!choice.Flags.HasFlag(SwitchFlags.Regex))
            return;
        RegexOptions all = choice.Flags.HasFlag(SwitchFlags.CaseSensitive) ? options : options | RegexOptions.IgnoreCase;
        var clauses = choice.Clauses.Select(clause => Tuple.Create(Expression(clause.Item1, all) ?? clause.Item1, clause.Item2)).ToArray();
        s_clauses?.SetValue(choice, new ReadOnlyCollection<Tuple<ExpressionAst, StatementBlockAst>>(clauses));
    }

    /// <summary>A pattern, or one and what takes the place of its matches, or one and the greatest number of parts.</summary>
    private static ExpressionAst? Right(ExpressionAst given, Func<ExpressionAst, ExpressionAst?> own) => given switch
    {
        ArrayLiteralAst { Elements: [var pattern, var other] } => own(pattern) is { } first
            ? new ArrayLiteralAst(given.Extent, [first, (ExpressionAst)other.Copy()])
            : null,
        _ => own(given),
    };

    private static ConstantExpressionAst? Expression(ExpressionAst pattern, RegexOptions options) =>
        Read(pattern, options) is { } own ? new ConstantExpressionAst(pattern.Extent, own) : null;

    /// <summary>Returns the pattern with a comment, since <c>-split</c> takes only text.</summary>
    private static StringConstantExpressionAst? Marked(ExpressionAst pattern) => Read(pattern, RegexOptions.None) is { } own
        ? new StringConstantExpressionAst(pattern.Extent, $"(?#{Environment.CurrentManagedThreadId}){own}", StringConstantType.SingleQuoted)
        : null;

    /// <summary>Returns the regular expression; null where the pattern is not written down, or is none, as PowerShell says when it gets there.</summary>
    private static Regex? Read(ExpressionAst expression, RegexOptions options)
    {
        try
        {
            return expression is StringConstantExpressionAst pattern ? new Regex(pattern.Value, options) : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static FieldInfo? FieldOf<T>(string property) =>
        typeof(T).GetField($"<{property}>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic);
}
