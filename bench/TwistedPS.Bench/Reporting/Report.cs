namespace TwistedPS.Bench;

/// <summary>What came out.</summary>
internal sealed class Report(IReadOnlyList<Load> loads, IReadOnlyList<Peer> peers, Results results, Options options)
{
    public void Print(TextWriter output)
    {
        foreach (Load load in loads)
        {
            output.WriteLine();
            output.WriteLine(load.Title);
            foreach (Peer peer in peers)
            {
                string figures = string.Join("  ", Enum.GetValues<Metric>()
                    .Where(metric => results.Medians(load, peer)?.ContainsKey(metric) == true)
                    .Select(metric => $"{metric} {Numbers.Show(metric, results.Medians(load, peer))}"));
                output.WriteLine($"  {peer.Name,-15} {figures}{results.RemarkOn(load, peer)}");
            }
        }
    }

    public void Write(string folder) => throw new NotSupportedException(folder + options);
}
