using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TwistedPS.Engine.Tls;

/// <summary>The serial numbers of the certificates that an authority has revoked, signed by it (a CRL, RFC 5280).</summary>
internal sealed class RevocationList
{
    private static readonly Asn1Tag s_extensions = new(TagClass.ContextSpecific, 0);

    private readonly HashSet<string> _serials = [];
    private readonly byte[] _issuer;
    private readonly byte[] _signed;
    private readonly byte[] _signature;
    private readonly string _algorithm;

    /// <param name="der">The list in DER.</param>
    /// <exception cref="AsnContentException">It is none.</exception>
    /// <exception cref="NotSupportedException">It has parts that say more than it would be used for.</exception>
    public RevocationList(byte[] der)
    {
        AsnReader list = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        _signed = list.PeekEncodedValue().ToArray();
        AsnReader content = list.ReadSequence();
        _algorithm = list.ReadSequence().ReadObjectIdentifier();
        _signature = list.ReadBitString(out _);
        list.ThrowIfNotEmpty();
        if (HashOf(_algorithm) is null)
            throw new NotSupportedException($"its signature is of a kind that is not supported ({new Oid(_algorithm).FriendlyName ?? _algorithm})");

        if (content.PeekTag().HasSameClassAndValue(Asn1Tag.Integer))
            content.ReadInteger();
        content.ReadSequence();
        _issuer = content.ReadEncodedValue().ToArray();
        ReadTime(content);
        if (content.HasData && IsTime(content))
            NextUpdate = ReadTime(content);
        if (content.HasData && content.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
            ReadEntries(content.ReadSequence());
        if (content.HasData)
            RefuseUnknown(content.ReadSequence(s_extensions).ReadSequence());
    }

    /// <summary>The time by which there will be a newer list, if it says so.</summary>
    public DateTimeOffset? NextUpdate { get; }

    public string Issuer => new X500DistinguishedName(_issuer).Name;

    /// <summary>Whether the list is of the authority that has issued a certificate, by the name in it.</summary>
    public bool IsFor(X509Certificate2 certificate) => certificate.IssuerName.RawData.AsSpan().SequenceEqual(_issuer);

    public bool Has(X509Certificate2 certificate) => _serials.Contains(Convert.ToHexString(certificate.SerialNumberBytes.Span));

    /// <summary>Whether an authority has signed the list.</summary>
    public bool IsSignedBy(X509Certificate2 issuer)
    {
        HashAlgorithmName hash = HashOf(_algorithm)!.Value;
        using RSA? rsa = issuer.GetRSAPublicKey();
        if (rsa is not null)
            return rsa.VerifyData(_signed, _signature, hash, RSASignaturePadding.Pkcs1);
        using ECDsa? ec = issuer.GetECDsaPublicKey();
        return ec?.VerifyData(_signed, _signature, hash, DSASignatureFormat.Rfc3279DerSequence) == true;
    }

    private void ReadEntries(AsnReader entries)
    {
        while (entries.HasData)
        {
            AsnReader entry = entries.ReadSequence();
            _serials.Add(Convert.ToHexString(entry.ReadIntegerBytes().Span));
            ReadTime(entry);
            if (entry.HasData)
                RefuseUnknown(entry.ReadSequence());
        }
    }

    /// <summary>Refuses a list of changes only, or one with entries of other authorities: they have critical extensions.</summary>
    private static void RefuseUnknown(AsnReader extensions)
    {
        const string IssuingDistributionPoint = "2.5.29.28";
        while (extensions.HasData)
        {
            AsnReader extension = extensions.ReadSequence();
            string id = extension.ReadObjectIdentifier();
            bool isCritical = extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean();
            if (isCritical && id != IssuingDistributionPoint)
                throw new NotSupportedException($"it has a critical extension that is not supported ({id})");
        }
    }

    private static bool IsTime(AsnReader reader) =>
        reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) || reader.PeekTag().HasSameClassAndValue(Asn1Tag.GeneralizedTime);

    private static DateTimeOffset ReadTime(AsnReader reader) =>
        reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();

    private static HashAlgorithmName? HashOf(string algorithm) => algorithm switch
    {
        "1.2.840.113549.1.1.11" or "1.2.840.10045.4.3.2" => HashAlgorithmName.SHA256,
        "1.2.840.113549.1.1.12" or "1.2.840.10045.4.3.3" => HashAlgorithmName.SHA384,
        "1.2.840.113549.1.1.13" or "1.2.840.10045.4.3.4" => HashAlgorithmName.SHA512,
        "1.2.840.113549.1.1.5" or "1.2.840.10045.4.1" => HashAlgorithmName.SHA1,
        _ => null,
    };
}
