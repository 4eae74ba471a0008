using System.Net;
using System.Net.Http.Headers;

namespace TwistedPS.Tests;

/// <summary>What a client got.</summary>
internal sealed record HttpReply(HttpStatusCode Status, HttpResponseHeaders Further, HttpContentHeaders Headers, string Text);
