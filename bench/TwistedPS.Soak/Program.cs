namespace TwistedPS.Soak;

internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        try
        {
            return await new Soak(SoakOptions.Parse(arguments)).RunAsync() ? 0 : 1;
        }
        catch (ArgumentException e)
        {
            Console.Error.WriteLine(e.Message);
            return 2;
        }
    }
}
