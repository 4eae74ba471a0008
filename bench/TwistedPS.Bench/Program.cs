namespace TwistedPS.Bench;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        try
        {
            Options options = Options.Parse(arguments);
            new Runner(options).Run();
            return 0;
        }
        catch (ArgumentException e)
        {
            Console.Error.WriteLine(e.Message);
            Console.Error.WriteLine(Options.Usage);
            return 2;
        }
    }
}
