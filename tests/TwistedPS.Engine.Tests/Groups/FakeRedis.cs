using System.Reflection;

namespace TwistedPS.Tests;

/// <summary>An interface of the client of Redis, of which a test answers each call.</summary>
public class FakeRedis : DispatchProxy
{
    private Func<MethodInfo, object?> _answer = null!;

    public static T Of<T>(Func<MethodInfo, object?> answer)
        where T : class
    {
        T fake = Create<T, FakeRedis>();
        ((FakeRedis)(object)fake)._answer = answer;
        return fake;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _answer(targetMethod!);
}
