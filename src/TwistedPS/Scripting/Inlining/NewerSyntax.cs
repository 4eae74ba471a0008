using System.Management.Automation.Language;
using System.Reflection;

namespace TwistedPS.Scripting.Inlining;

/// <summary>The parts of PowerShell 7's trees that the library which this is compiled against lacks.</summary>
internal static class NewerSyntax
{
    private static readonly PropertyInfo s_background = typeof(PipelineAst).GetProperty("Background")!;
    private static readonly PropertyInfo? s_clean = typeof(ScriptBlockAst).GetProperty("CleanBlock");
    private static readonly Type s_ternary = typeof(Ast).Assembly.GetType("System.Management.Automation.Language.TernaryExpressionAst")!;
    private static readonly PropertyInfo[] s_parts =
        [s_ternary.GetProperty("Condition")!, s_ternary.GetProperty("IfTrue")!, s_ternary.GetProperty("IfFalse")!];

    /// <summary>The operator <c>??</c>.</summary>
    public static TokenKind Coalesce { get; } = Enum.Parse<TokenKind>("QuestionQuestion");

    /// <summary>The operator <c>??=</c>.</summary>
    public static TokenKind CoalesceAssign { get; } = Enum.Parse<TokenKind>("QuestionQuestionEquals");

    /// <summary>Whether a pipeline ends with <c>&amp;</c>, which makes it a job.</summary>
    public static bool IsJob(PipelineAst pipeline) => s_background.GetValue(pipeline) is true;

    /// <summary>Whether a script has a block named <c>clean</c>.</summary>
    public static bool HasCleanBlock(ScriptBlockAst script) => s_clean?.GetValue(script) is not null;

    /// <summary>The parts of <c>condition ? ifTrue : ifFalse</c>; null for any other expression.</summary>
    public static (ExpressionAst Condition, ExpressionAst IfTrue, ExpressionAst IfFalse)? Ternary(ExpressionAst expression) =>
        s_ternary.IsInstanceOfType(expression)
            ? (Part(expression, 0), Part(expression, 1), Part(expression, 2))
            : null;

    private static ExpressionAst Part(ExpressionAst ternary, int index) => (ExpressionAst)s_parts[index].GetValue(ternary)!;
}
