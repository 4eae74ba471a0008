using System.Net;
using System.Net.Http.Headers;

namespace TwistedPS.Tests;

/// <summary>The response that a client received.</summary>
internal sealed record HttpReply(HttpStatusCode Status, HttpResponseHeaders Further, HttpContentHeaders Headers, string Text);
