using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Text;
using System.Web;
using TwistedPS.Completers;
using TwistedPS.Engine.Framing;
using TwistedPS.Engine.Requests;
using TwistedPS.Parameters;
using TwistedPS.Scripting;

namespace TwistedPS.Commands;

/// <summary>Has the handlers of a web server answer a request in memory, and outputs the answer.</summary>
/// <remarks>
/// The parameters are as those of Invoke-WebRequest. The answer has StatusCode, Headers and Body, whatever the status; a handler that
/// throws is an error of the cmdlet besides. Handlers of New-HttpTestConnection run in this session meanwhile. The server may also be one
/// of Start-HttpServer, whose port is not used then.
/// </remarks>
[Cmdlet(VerbsLifecycle.Invoke, "HttpTestRequest", HelpUri = Pages + "Invoke-HttpTestRequest.md")]
[OutputType(typeof(HttpTestResponse), typeof(Deferred))]
public sealed class InvokeHttpTestRequestCommand : TwistedCommand
{
    private const string ContentTypeHeader = "Content-Type";
    private const string Form = "application/x-www-form-urlencoded";

    private static readonly Uri s_base = new("http://localhost/");

    /// <summary>The server, or its number or name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ShownAs<HttpServer>]
    [ArgumentCompleter(typeof(ServiceCompleter<HttpServer>))]
    [ValidateNotNull]
    public Alive<HttpServer>? Server { get; set; }

    /// <summary>The path, with a query such as <c>/cars?color=red</c>, or a whole URL; / by default.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(NoCompleter))]
    [Alias("Uri")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "/";

    /// <summary>The method, also one that HTTP does not know; GET by default, or POST with -Body.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(HttpMethodCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Method { get; set; }

    /// <summary>The headers; a collection makes several of a name.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateNotNull]
    public IDictionary Headers { get; set; } = new Hashtable();

    /// <summary>The body: text, bytes, or a table, which is sent as a form.</summary>
    [Parameter(ValueFromPipeline = false)]
    [ArgumentCompleter(typeof(NoCompleter))]
    [AllowNull]
    public object? Body { get; set; }

    /// <summary>The content type of the body, whose charset text is encoded in; UTF-8 without one.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateNotNullOrEmpty]
    public string? ContentType { get; set; }

    /// <summary>The address and port of the peer, as $Request.RemoteEndPoint has it; by default 127.0.0.1:49152.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoCompleter))]
    [ValidateNotNull]
    public IPEndPoint RemoteEndPoint { get; set; } = new(IPAddress.Loopback, 49152);

    /// <summary>The longest time to wait for the answer, in real time; no limit by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TimeCompleter))]
    [Alias("TimeoutSec", "TimeoutSeconds")]
    [TimeoutTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Outputs a Deferred of the answer at once: for an answer that comes by a fake clock, which moves later.</summary>
    [Parameter]
    public SwitchParameter AsDeferred { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (this.FindOne(Server!) is not { } server)
            return;
        if (server.Status != ServerStatus.Running)
            ThrowTerminatingError(Errors.ServerStopped(server));
        ReactorHost host = HostOf(server.Reactor);
        Task<HttpTestResponse> answer = server.AnswerInMemoryAsync(Prepare());
        if (AsDeferred)
            WriteDeferred(host, answer);
        else if (WaitFor(host, answer, Timeout, $"Waiting for {server}", "Use -AsDeferred in a handler."))
            WriteObject(answer.GetAwaiter().GetResult());
        else
            WriteError(Errors.ReceiveTimeout(server, Timeout!.Value, received: 0));
        Session.ShowWarnings(this);
    }

    private void WriteDeferred(ReactorHost host, Task<HttpTestResponse> answer)
    {
        string origin = $"{MyInvocation.ScriptName}:{MyInvocation.ScriptLineNumber}";
        WriteObject(WaitFor(host, host.Reactor.InvokeAsync(() => Deferred.FromTask(host.Reactor, answer, origin)), "Making a deferred", ""));
        if (host is ForegroundReactor { Reactor.IsRunning: false } foreground)
            foreground.RunUntilIdle(this, CancelToken);
    }

    private Func<int, HttpRequest> Prepare()
    {
        object? body = Body is PSObject wrapped ? wrapped.BaseObject : Body;
        string method = Method?.ToUpperInvariant() ?? (body is null ? "GET" : "POST");
        var url = new Uri(s_base, Path);
        NameValueCollection headers = ReadHeaders(url, isForm: body is IDictionary);
        Encoding encoding = HttpEncoding.Of(headers[ContentTypeHeader]);
        byte[] bytes = BytesOf(body, encoding);
        if (bytes.Length > 0 || body is not null)
            headers["Content-Length"] = bytes.Length.ToString(CultureInfo.InvariantCulture);
        return number => new HttpRequest(method, url, headers, encoding, RemoteEndPoint, number) { BodyBytes = bytes };
    }

    private NameValueCollection ReadHeaders(Uri url, bool isForm)
    {
        var headers = new NameValueCollection(StringComparer.OrdinalIgnoreCase) { ["Host"] = url.Authority };
        if (ContentType is not null || isForm)
            headers[ContentTypeHeader] = ContentType ?? Form;
        foreach (DictionaryEntry header in Headers)
        {
            headers.Remove($"{header.Key}");
            foreach (object? value in LanguagePrimitives.ConvertTo<object?[]>(header.Value) ?? [])
                headers.Add($"{header.Key}", LanguagePrimitives.ConvertTo<string>(value));
        }

        return headers;
    }

    private static byte[] BytesOf(object? body, Encoding encoding) => body switch
    {
        IDictionary form => Encoding.ASCII.GetBytes(string.Join('&', form.Cast<DictionaryEntry>()
            .Select(field => $"{HttpUtility.UrlEncode($"{field.Key}")}={HttpUtility.UrlEncode($"{field.Value}")}"))),
        null => [],
        _ => DataParts.BytesOf(body) ?? RawOutput.Encode(LanguagePrimitives.ConvertTo<string>(body), encoding),
    };
}
