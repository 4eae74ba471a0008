namespace TwistedPS.Bench;

/// <summary>A handler of lines or datagrams in a peer; its name in lower case is the argument of the peer's program.</summary>
internal enum Handler
{
    Echo,
    Work,
    Broadcast,

    /// <summary>An echo of messages that have their length in four bytes before them.</summary>
    Framed,

    /// <summary>An echo over TLS.</summary>
    Tls,

    /// <summary>An echo over a UNIX socket; the others are over TCP.</summary>
    Unix,

    /// <summary>An echo over UDP.</summary>
    Datagrams,

    /// <summary>A relay to the <see cref="EchoTarget"/>.</summary>
    Relay,

    /// <summary>The protocol of Redis, with values that are set and got.</summary>
    Resp,

    /// <summary>An echo after a millisecond of computing.</summary>
    Costly,

    /// <summary>A call of a function.</summary>
    Function,

    /// <summary>A call of a cmdlet of PowerShell's.</summary>
    Cmdlet,

    /// <summary>A pipeline of text that is split.</summary>
    Pipeline,

    /// <summary>A cmdlet that reads JSON.</summary>
    Json,

    /// <summary>An echo by Send-Line.</summary>
    SendLine,

    /// <summary>An echo of what is kept in the state of the connection.</summary>
    State,

    /// <summary>A regular expression with groups.</summary>
    Match,

    /// <summary>The example of a chat; the following are the other systems of the articles.</summary>
    Chat,

    /// <summary>A chat that is a node of a cluster at the <see cref="Broker"/>.</summary>
    ChatNode,

    /// <summary>A list of cars for whoever connects.</summary>
    Cars,

    /// <summary>A web page with the number of the request.</summary>
    Counter,

    /// <summary>The command server.</summary>
    Commands,

    /// <summary>The text server.</summary>
    Text,
}
