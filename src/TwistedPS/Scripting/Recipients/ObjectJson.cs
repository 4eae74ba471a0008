using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace TwistedPS.Scripting;

/// <summary>The JSON of objects: dictionaries and custom objects to any depth, others as ConvertTo-Json has them by default.</summary>
internal static class ObjectJson
{
    private const int MostAround = 2;
    private const int MostDepth = 100;
    private const string FormatNamespace = "Microsoft.PowerShell.Commands.Internal.Format";

    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether an object has no text of its own, but parts.</summary>
    public static bool IsData(PSObject item) => item.BaseObject switch
    {
        string => false,
        IEnumerable or PSCustomObject => true,
        object other => other.GetType().Namespace != FormatNamespace && Rendering.OwnTextOf(item) is null,
    };

    /// <summary>Returns the JSON of an object.</summary>
    /// <exception cref="RuntimeException">It contains itself.</exception>
    public static string Of(object? item) => Encoding.UTF8.GetString(ToBytes(item));

    /// <summary>Returns the JSON of an object, in UTF-8 and without line breaks.</summary>
    /// <exception cref="RuntimeException">It contains itself.</exception>
    public static byte[] ToBytes(object? item)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text, s_options))
            Write(writer, item, 0);
        return text.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, object? value, int around)
    {
        if (writer.CurrentDepth > MostDepth)
            throw new RuntimeException("An object that is nested too deeply, or contains itself, can't be written as JSON.");
        switch (value is PSObject wrapped ? wrapped.BaseObject : value)
        {
            case null or DBNull:
            case var _ when value == AutomationNull.Value:
                writer.WriteNullValue();
                break;
            case IDictionary table:
                WriteObject(writer, table.Cast<DictionaryEntry>().Select(entry => ($"{entry.Key}", entry.Value)), around);
                break;
            case PSCustomObject:
                WriteObject(writer, PropertiesOf(value), around);
                break;
            case IEnumerable many and not string:
                WriteArray(writer, many, around);
                break;
            case var plain:
                WriteSingle(writer, plain, PSObject.AsPSObject(value), around);
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, IEnumerable<(string Name, object? Value)> members, int around)
    {
        writer.WriteStartObject();
        foreach ((string name, object? value) in members)
        {
            writer.WritePropertyName(name);
            Write(writer, value, around);
        }

        writer.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter writer, IEnumerable many, int around)
    {
        writer.WriteStartArray();
        foreach (object? item in many)
            Write(writer, item, around);
        writer.WriteEndArray();
    }

    private static void WriteSingle(Utf8JsonWriter writer, object? plain, PSObject item, int around)
    {
        if (plain is bool or SwitchParameter)
            writer.WriteBooleanValue(LanguagePrimitives.IsTrue(plain));
        else if (plain is DateTime or DateTimeOffset)
            writer.WriteStringValue(string.Format(null, "{0:o}", plain));
        else if (IsNumber(plain))
            writer.WriteRawValue(string.Format(CultureInfo.InvariantCulture, "{0}", plain));
        else if (Rendering.OwnTextOf(item) is { } text)
            writer.WriteStringValue(text);
        else if (around == MostAround)
            writer.WriteStringValue($"{item}");
        else
            WriteObject(writer, PropertiesOf(item), around + 1);
    }

    private static bool IsNumber(object? plain) => plain switch
    {
        double number => double.IsFinite(number),
        float number => float.IsFinite(number),
        BigInteger or decimal => true,
        char or Enum => false,
        _ => plain is IConvertible convertible && convertible.GetTypeCode() is >= TypeCode.SByte and <= TypeCode.UInt64,
    };

    private static IEnumerable<(string Name, object? Value)> PropertiesOf(object? value) =>
        PSObject.AsPSObject(value).Properties.Select(property => (property.Name, ValueOf(property)));

    private static object? ValueOf(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException)
        {
            // As in PowerShell's own JSON: a property that can't be read now, such as the exit code of a running process.
            return null;
        }
    }
}
