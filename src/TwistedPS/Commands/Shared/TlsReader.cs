using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;
using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using TwistedPS.Engine.Addresses;
using TwistedPS.Engine.Tls;

namespace TwistedPS.Commands;

/// <summary>A reader of the parameters of TLS, which loads the certificates that they name.</summary>
/// <param name="cmdlet">The cmdlet.</param>
internal sealed class TlsReader(TwistedCommand cmdlet)
{
    private static readonly string[] s_server =
        [.. ParametersOf(typeof(ITlsParameters)), .. ParametersOf(typeof(IServerTlsParameters))];

    private static readonly string[] s_client =
        [.. ParametersOf(typeof(ITlsParameters)), .. ParametersOf(typeof(IClientTlsParameters))];

    // At the path of a socket there is no other host.
    private const string ThisMachine = "localhost";

    private string? _password;

    /// <summary>Whether a cmdlet was given any of a client's.</summary>
    public static bool IsGivenTo(TwistedCommand cmdlet) => Array.Exists(s_client, name =>
        cmdlet.MyInvocation.BoundParameters.TryGetValue(name, out object? value) && value is not SwitchParameter { IsPresent: false });

    /// <summary>Ends a cmdlet that was given any of a client's, where they have no effect.</summary>
    public static void RefuseAll(TwistedCommand cmdlet, string where) => cmdlet.RefuseParameter(s_client, where);

    /// <summary>Reads those of a server.</summary>
    /// <param name="given">The parameters.</param>
    /// <param name="place">Where it listens, which may say something of TLS.</param>
    /// <returns>The settings; null for a server without TLS.</returns>
    public TlsServerSettings? Read(IServerTlsParameters given, EndpointString place)
    {
        EndpointTls.Complete(cmdlet, given, place);
        if (given.Certificate is null)
        {
            if (place.Kind == EndpointKind.Tls)
                cmdlet.ThrowTerminatingError(Errors.EndpointWithoutCertificate(place));
            cmdlet.RefuseParameter(s_server, "without -Certificate");
            return null;
        }

        if (given.ClientCertificate == ClientCertificateMode.None)
            cmdlet.RefuseParameter([nameof(given.TrustedCertificate), nameof(given.RevocationList)], "without -ClientCertificate Allow or Require");
        return Load(() =>
        {
            var certificates = new ServerCertificates(ReadNamed(given));
            foreach (OwnCertificate certificate in certificates.All)
            {
                if (place.ChainPath is { } chain)
                    certificate.Others.AddRange(TrustedCertificates.Load(FullPath(chain)));
                Warn(certificate);
            }

            return (ReadCommon(new ServerTlsChoices(certificates), given) with
            {
                ClientCertificate = given.ClientCertificate,
                OnRequest = given.StartTls,
            }).ToSettings();
        });
    }

    /// <summary>Reads those of a client.</summary>
    /// <param name="given">The parameters.</param>
    /// <param name="place">Where it connects to, which may say something of TLS.</param>
    /// <returns>The settings; null for a client without TLS.</returns>
    public TlsClientSettings? Read(IClientTlsParameters given, EndpointString place)
    {
        EndpointTls.Complete(cmdlet, given, place);
        cmdlet.Require(nameof(given.TlsHost), place, (place.ServerName ?? given.TlsHost) == given.TlsHost);
        return place.Kind == EndpointKind.Tls || given.Tls || IsGivenTo(cmdlet) ? Read(given, place.ServerName ?? place.Host ?? ThisMachine) : null;
    }

    /// <summary>Reads those of a client that is to begin TLS.</summary>
    /// <param name="given">The parameters.</param>
    /// <param name="host">The host that it connects to.</param>
    public TlsClientSettings Read(IClientTlsParameters given, string host)
    {
        if (given.SkipCertificateCheck)
            cmdlet.RefuseParameter([nameof(given.TrustedCertificate), nameof(given.RevocationList)], "with -SkipCertificateCheck");
        return Load(() =>
        {
            OwnCertificate? certificate = given.Certificate is null ? null : ReadOne(given.Certificate, given);
            Warn(certificate);
            return (ReadCommon(new ClientTlsChoices(given.TlsHost ?? host), given) with
            {
                Certificate = certificate,
                SkipsCheck = given.SkipCertificateCheck,
                OnRequest = given.StartTls,
            }).ToSettings();
        });
    }

    private static IEnumerable<string> ParametersOf(Type parameters) => parameters.GetProperties().Select(property => property.Name);

    private T Load<T>(Func<T> load)
    {
        try
        {
            return load();
        }
        catch (CertificateException e)
        {
            cmdlet.ThrowTerminatingError(Errors.CertificateUnusable(e));
            throw;
        }
    }

    private T ReadCommon<T>(T choices, ITlsParameters given)
        where T : TlsChoices
    {
        RevocationLists? revoked = given.RevocationList.Length == 0 ? null : new RevocationLists(given.RevocationList.Select(FullPath));
        foreach (string warning in revoked?.Warnings ?? [])
            cmdlet.WriteWarning(warning);
        return choices with
        {
            Trusted = given.TrustedCertificate.Length == 0 ? null : ReadTrusted(given.TrustedCertificate),
            Revoked = revoked,
            Versions = given.TlsVersion.Aggregate(SslProtocols.None, (all, one) => all | one),
            ApplicationProtocols = given.ApplicationProtocol,
            HandshakeTimeout = given.HandshakeTimeout,
        };
    }

    private X509Certificate2Collection ReadTrusted(object[] given)
    {
        var all = new X509Certificate2Collection();
        foreach (object one in given.Select(Unwrap))
        {
            if (one is X509Certificate2 certificate)
                all.Add(certificate);
            else
                all.AddRange(TrustedCertificates.Load(FullPath(one)));
        }

        return all;
    }

    private (string Name, OwnCertificate Certificate)[] ReadNamed(ITlsParameters given)
    {
        if (Unwrap(given.Certificate!) is not IDictionary table)
            return [("*", ReadOne(given.Certificate!, given))];
        cmdlet.RefuseParameter(
            [nameof(given.CertificateKey)], "with a table of certificates: there, the path of a key follows that of its certificate");
        IEnumerable<DictionaryEntry> entries = table.Cast<DictionaryEntry>();

        // Only an ordered table has a first one.
        if (table is not IOrderedDictionary)
            entries = entries.OrderBy(entry => $"{entry.Key}", StringComparer.Ordinal);
        return [.. entries.Select(entry => ($"{entry.Key}", ReadOne(entry.Value!, given)))];
    }

    private OwnCertificate ReadOne(object given, ITlsParameters all)
    {
        object one = Unwrap(given);
        if (one is X509Certificate2 certificate)
        {
            cmdlet.RefuseParameter([nameof(all.CertificateKey), nameof(all.CertificatePassword)], "with a certificate that is loaded already");
            return OwnCertificate.From(certificate);
        }

        _password ??= all.CertificatePassword is null ? null : new NetworkCredential("", all.CertificatePassword).Password;
        (object path, object? key) = one is object[] { Length: 2 } pair ? (pair[0], pair[1]) : (one, all.CertificateKey);
        return OwnCertificate.Load(FullPath(path), key is null ? null : FullPath(key), _password);
    }

    private void Warn(OwnCertificate? certificate)
    {
        if (certificate?.Warning is { } warning)
            cmdlet.WriteWarning(warning);
    }

    private string FullPath(object path) => Unwrap(path) switch
    {
        string { Length: > 0 } text => cmdlet.GetUnresolvedProviderPathFromPSPath(text),
        FileInfo file => file.FullName,
        var other => throw Unusable(other),
    };

    private static object Unwrap(object given) => given is PSObject wrapped ? wrapped.BaseObject : given;

    private static CertificateException Unusable(object? given) => new(
        CertificateProblem.CertificateUnreadable,
        $"{given}",
        $"'{given}' is no certificate. Give an X509Certificate2 or the path of a PEM or PFX file; a server takes a table of them by server name as well.");
}
