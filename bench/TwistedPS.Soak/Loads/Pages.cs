using System.Text;

namespace TwistedPS.Soak;

/// <summary>Requests of pages, and bodies that come back as they were sent.</summary>
internal sealed class Pages : ISoakLoad
{
    public string Name => "web";

    public int Peers => 2;

    public async Task RunAsync(Subject subject, Ledger ledger, CancellationToken cancel)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{subject.PortOf("web")}") };
        for (int i = 0; i < 10; i++)
        {
            string path = $"/{Guid.NewGuid():N}";
            await ExpectAsync($"page {path}\n", client.GetStringAsync(path, cancel), ledger);
            string body = new('x', Random.Shared.Next(1, 20000));
            using var content = new StringContent(body, Encoding.UTF8, "text/plain");
            using HttpResponseMessage response = await client.PostAsync("/", content, cancel);
            await ExpectAsync($"{body}\n", response.Content.ReadAsStringAsync(cancel), ledger);
        }
    }

    private async Task ExpectAsync(string expected, Task<string> answer, Ledger ledger)
    {
        string got = await answer;
        if (got == expected)
            ledger.Answered(Name, 1);
        else
            ledger.Lose(Name, 1, $"'{got}' instead of '{expected}'");
    }
}
