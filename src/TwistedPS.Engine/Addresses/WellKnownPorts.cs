namespace TwistedPS.Engine.Addresses;

/// <summary>The ports that people know by the names of their services.</summary>
internal static class WellKnownPorts
{
    /// <summary>The ports, each with the name that it is registered under.</summary>
    public static IReadOnlyList<(int Port, string Name, string Description)> All { get; } =
    [
        (7, "echo", "Echo"),
        (13, "daytime", "Daytime"),
        (21, "ftp", "FTP"),
        (22, "ssh", "SSH"),
        (23, "telnet", "Telnet"),
        (25, "smtp", "SMTP"),
        (53, "domain", "DNS"),
        (79, "finger", "Finger"),
        (80, "http", "HTTP"),
        (110, "pop3", "POP3"),
        (123, "ntp", "NTP"),
        (143, "imap", "IMAP"),
        (389, "ldap", "LDAP"),
        (443, "https", "HTTPS"),
        (465, "submissions", "SMTP of mail programs, over TLS"),
        (502, "modbus", "Modbus"),
        (514, "syslog", "Syslog"),
        (587, "submission", "SMTP of mail programs"),
        (853, "domain-s", "DNS over TLS"),
        (993, "imaps", "IMAP over TLS"),
        (995, "pop3s", "POP3 over TLS"),
        (1080, "socks", "SOCKS"),
        (1883, "mqtt", "MQTT"),
        (3306, "mysql", "MySQL"),
        (4222, "nats", "NATS"),
        (5432, "postgresql", "PostgreSQL"),
        (6379, "redis", "Redis"),
        (6667, "irc", "IRC"),
        (6697, "ircs", "IRC over TLS"),
        (8000, "", "A web server under development, or a server of cars"),
        (8080, "http-alt", "A web server or proxy"),
        (8125, "statsd", "StatsD"),
        (8883, "mqtts", "MQTT over TLS"),
        (11211, "memcache", "Memcached"),
    ];

    /// <summary>Returns a remark on the port that a service has; nothing for a text that names none.</summary>
    public static string Remark(string name) =>
        All.FirstOrDefault(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && name.Length > 0) is { Port: > 0 } found
            ? $" ({found.Name} is {found.Port})"
            : "";
}
