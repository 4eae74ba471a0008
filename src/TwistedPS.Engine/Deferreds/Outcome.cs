using System.Reflection;

namespace TwistedPS.Engine.Deferreds;

/// <summary>
/// A result or an error. A callback that returns one passes it on unchanged, so an error need not be thrown (Twisted's
/// <c>Failure</c>).
/// </summary>
/// <param name="Result">The result; null for an error.</param>
/// <param name="Error">The error; null for a result.</param>
internal sealed record Outcome(object? Result, Exception? Error)
{
    private const string NoResult = "System.Threading.Tasks.VoidTaskResult";

    /// <summary>The outcome without a value: a null result.</summary>
    public static Outcome Nothing { get; } = new(null, null);

    public static Outcome Succeeded(object? result) => result is null ? Nothing : new(result, null);

    public static Outcome Failed(Exception error) => new(null, error);

    /// <summary>Returns the outcome of a completed task: its value, null if it has none, or its error.</summary>
    public static Outcome Of(Task ended)
    {
        if (ended.IsCanceled)
            return Failed(new DeferredCancelledException("The task was cancelled.", new TaskCanceledException(ended)));
        if (ended.Exception is not { } error)
            return Succeeded(ValueOf(ended));
        return Failed(error.InnerExceptions.Count == 1 ? error.InnerExceptions[0] : error);
    }

    /// <summary>Reads the value by reflection, since an async method without a result returns a generic task too.</summary>
    private static object? ValueOf(Task task)
    {
        PropertyInfo? value = task.GetType().GetProperty(nameof(Task<object>.Result));
        return value is null || value.PropertyType.FullName == NoResult ? null : value.GetValue(task);
    }
}
