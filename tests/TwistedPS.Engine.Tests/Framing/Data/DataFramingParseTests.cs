using System.Collections;
using System.Collections.Specialized;

namespace TwistedPS.Tests;

public sealed class DataFramingParseTests
{
    [Theory]
    [InlineData("Raw", "Raw")]
    [InlineData("netstring", "Netstring")]
    [InlineData("LENGTH16le", "Length16LE")]
    [InlineData("Length64", "Length64")]
    [InlineData("varint", "Varint")]
    [InlineData("Decimal", "Decimal")]
    [InlineData("json", "Json")]
    [InlineData("json:ashashtable", "Json:AsHashtable")]
    [InlineData("fixed:0128", "Fixed:128")]
    [InlineData(@"until:\0", @"Until:\0")]
    [InlineData("Until:\0", @"Until:\0")]
    [InlineData("Until:CRLF", @"Until:\r\n")]
    [InlineData("Until:nul", @"Until:\0")]
    [InlineData("Until:`r`n.`r`n", @"Until:\r\n.\r\n")]
    [InlineData(@"Until:\xff\\:", @"Until:\xFF\\:")]
    [InlineData("Until:é", @"Until:\xC3\xA9")]
    public void A_name_is_understood_in_any_case_and_shown_in_its_own(string text, string shown)
    {
        var framing = DataFraming.Parse(text);
        Assert.Equal(shown, framing.ToString());
        Assert.Equal(shown, DataFraming.Parse(shown).ToString());
    }

    [Theory]
    [InlineData("Length", "There is no framing 'Length'. There are Raw,*")]
    [InlineData("Length16:3", "There is no framing 'Length16:3'.*")]
    [InlineData("Fixed", "'' is no length of a message*such as Fixed:128.")]
    [InlineData("Fixed:0", "'0' is no length*")]
    [InlineData("Fixed:-1", "'-1' is no length*")]
    [InlineData("Fixed:1e3", "'1e3' is no length*")]
    [InlineData("Fixed:9999999999", "'9999999999' is no length*")]
    [InlineData("Until", "Until: needs what ends a message*")]
    [InlineData("Until:", "Until: needs what ends a message*")]
    public void What_is_no_framing_is_refused_with_what_there_is(string text, string message)
    {
        var error = Assert.Throws<ArgumentException>(() => DataFraming.Parse(text));
        Assert.Matches(Pattern(message), error.Message);
    }

    /// <summary>The examples of Netty's LengthFieldBasedFrameDecoder.</summary>
    public static TheoryData<Dictionary<string, object>, byte[], byte[], byte[]> Described => new()
    {
        { new() { ["Length"] = 2 }, [0, 12], [], [0, 12] },
        { new() { ["Length"] = 2, ["Strip"] = 2 }, [0, 12], [], [] },
        { new() { ["Length"] = 2, ["Includes"] = "Header" }, [0, 14], [], [0, 14] },
        { new() { ["Length"] = 2, ["Adjustment"] = -2 }, [0, 14], [], [0, 14] },
        { new() { ["Length"] = 3, ["Offset"] = 2 }, [0xCA, 0xFE, 0, 0, 12], [], [0xCA, 0xFE, 0, 0, 12] },
        { new() { ["Length"] = 3, ["Adjustment"] = 2 }, [0, 0, 12], [0xCA, 0xFE], [0, 0, 12] },
        { new() { ["Length"] = 2, ["Offset"] = 1, ["Adjustment"] = 1, ["Strip"] = 3 }, [0, 0, 12], [0xFE], [] },
        { new() { ["Length"] = 2, ["Offset"] = 1, ["Includes"] = "Header", ["Strip"] = 3 }, [0, 0, 16], [0xFE], [] },
        { new() { ["Length"] = 4, ["Offset"] = 1, ["Includes"] = "Length" }, [0x51, 0, 0, 0, 16], [], [0x51, 0, 0, 0, 16] },
        { new() { ["Length"] = 2, ["LittleEndian"] = true, ["Offset"] = 4, ["Includes"] = "Header" }, [1, 2, 3, 4, 18, 0], [], [1, 2, 3, 4, 18, 0] },
    };

    [Theory]
    [MemberData(nameof(Described))]
    public void A_header_is_read_as_it_is_described_and_written_the_same(Dictionary<string, object> table, byte[] header, byte[] more, byte[] kept)
    {
        byte[] frame = [.. header, .. more, .. "HELLO, WORLD"u8];
        byte[] message = [.. kept, .. more, .. "HELLO, WORLD"u8];
        DataFormat format = new DataFraming(table).Format;
        for (int chunk = 1; chunk <= frame.Length; chunk++)
        {
            var read = Sequences.Read(format.CreateFramer(), [.. frame, .. frame, header[0]], chunk, chunk);
            Assert.Equal([message, message], read.Messages);
            Assert.Equal([header[0]], read.Left);
        }

        Assert.Equal(frame, Written(format, message));
    }

    [Fact]
    public void The_length_in_a_message_is_set_when_it_is_sent()
    {
        DataFormat format = new DataFraming(new Hashtable { ["Length"] = 2, ["Offset"] = 1 }).Format;
        Assert.Equal([7, 0, 2, 8, 9], Written(format, [7, 0xFF, 0xFF, 8, 9]));
    }

    [Fact]
    public void A_varint_is_left_out_of_the_message_and_what_is_before_it_stays()
    {
        DataFormat format = new DataFraming(new Hashtable { ["Length"] = "varint", ["Offset"] = 2 }).Format;
        byte[] content = [.. Enumerable.Repeat((byte)9, 300)];
        byte[] stream = [1, 2, 0xAC, 2, .. content, 3, 4, 0, 5];
        for (int chunk = 1; chunk <= 5; chunk++)
        {
            var read = Sequences.Read(format.CreateFramer(), stream, chunk, chunk);
            Assert.Equal([[1, 2, .. content], [3, 4]], read.Messages);
            Assert.Equal([5], read.Left);
        }

        Assert.Equal([1, 2, 0xAC, 2, .. content], Written(format, [1, 2, .. content]));
        Assert.Equal([3, 4, 0], Written(format, [3, 4]));
        Assert.IsType<InvalidMessageException>(format.Refuse([3]));
        Assert.Equal("@{ Length = 'Varint'; Offset = 2 }", new DataFraming(new Hashtable { ["offset"] = 2, ["length"] = "VARINT" }).ToString());
    }

    [Fact]
    public void A_message_without_room_for_the_length_is_not_sent()
    {
        DataFormat format = new DataFraming(new Hashtable { ["Length"] = 2, ["Offset"] = 1, ["Adjustment"] = 1 }).Format;
        Assert.IsType<InvalidMessageException>(format.Refuse([1, 2]));
        Assert.IsType<InvalidMessageException>(format.Refuse([1, 2, 3]));
        Assert.Null(format.Refuse([1, 2, 3, 4]));
    }

    [Theory]
    [InlineData("Length = 1; Includes = 'Header'", new byte[] { 0 }, CloseReason.InvalidMessage)]
    [InlineData("Length = 8; Adjustment = -9", new byte[] { 0, 0, 0, 0, 0, 0, 0, 8 }, CloseReason.InvalidMessage)]
    [InlineData("Length = 8", new byte[] { 0x80, 0, 0, 0, 0, 0, 0, 0 }, CloseReason.MessageTooLong)]
    [InlineData("Length = 8; Includes = 'Header'", new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, CloseReason.MessageTooLong)]
    [InlineData("Length = 4; Adjustment = -65535", new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, CloseReason.MessageTooLong)]
    [InlineData("Length = 1; Strip = 3", new byte[] { 1 }, CloseReason.InvalidMessage)]
    public void An_impossible_length_is_an_error_of_its_own(string description, byte[] header, CloseReason reason)
    {
        IFramer<byte[]> framer = new DataFraming(Table(description)).Format.CreateFramer();
        var error = Assert.ThrowsAny<InvalidMessageException>(() => Sequences.Read(framer, header, header.Length));
        Assert.Equal(reason, error.Reason);
    }

    [Theory]
    [InlineData("", "The description of a framing needs Length*")]
    [InlineData("Offset = 1", "The description of a framing needs Length*")]
    [InlineData("Lenght = 2", "The description of a framing has no 'Lenght', but Length, Offset,*")]
    [InlineData("Length = 0", "Length is a number from 1 to 8, not '0'.")]
    [InlineData("Length = 9", "Length is a number from 1 to 8, not '9'.")]
    [InlineData("Length = two", "Length is a number from 1 to 8, not 'two'.")]
    [InlineData("Length = 2; Offset = -1", "Offset is a number from 0 to 65535, not '-1'.")]
    [InlineData("Length = 2; LittleEndian = 7", "LittleEndian is $true or $false, not '7'.")]
    [InlineData("Length = 2; Includes = 'All'", "Includes is Nothing, Length or Header, not 'All'.")]
    [InlineData("Length = 'Varint'; Strip = 1", "Length = 'Varint' goes with Offset only: Strip*")]
    [InlineData("Length = 2; Includes = 'Header'; Adjustment = 2", "Includes and Adjustment both say*")]
    [InlineData("Length = 2; Offset = 1; Strip = 2", "Strip = 2 would leave a part of the length*")]
    public void A_description_that_says_nothing_is_refused(string description, string message)
    {
        var error = Assert.Throws<ArgumentException>(() => new DataFraming(Table(description)));
        Assert.Matches(Pattern(message), error.Message);
    }

    [Fact]
    public void A_key_may_be_given_once_whatever_its_case() =>
        Assert.Throws<ArgumentException>(() => new DataFraming(new Hashtable { ["Length"] = 2, ["LENGTH"] = 2 }));

    [Fact]
    public void A_description_is_shown_as_PowerShell_writes_it()
    {
        var table = new OrderedDictionary { ["includes"] = "Header", ["LITTLEENDIAN"] = true, ["offset"] = 4, ["length"] = "2" };
        Assert.Equal("@{ Length = 2; Offset = 4; LittleEndian = $true; Includes = 'Header' }", new DataFraming(table).ToString());
    }

    private static byte[] Written(DataFormat format, byte[] message)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        Assert.Equal(1, format.Write(output, message));
        return output.WrittenSpan.ToArray();
    }

    private static string Pattern(string wildcard) =>
        $"^{System.Text.RegularExpressions.Regex.Escape(wildcard).Replace(@"\*", ".*", StringComparison.Ordinal)}$";

    private static Hashtable Table(string description) => new(
        description.Split("; ", StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split(" = ")).ToDictionary(part => part[0], part => part[1].Trim('\'')));
}
