using System.Formats.Asn1;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace PoolProxy.Testing.Ldap;

/// <summary>One connection to a scripted directory.</summary>
internal sealed class ScriptedDirectorySession(ScriptedDirectory directory, Stream stream, bool isTls)
{
    private const int Success = 0, NoSuchObject = 32, InvalidCredentials = 49, UnwillingToPerform = 53;
    private const string StartTls = "1.3.6.1.4.1.1466.20037";

    private static readonly Asn1Tag BindRequest = Application(0), BindResponse = Application(1), UnbindRequest = Application(2), SearchRequest = Application(3),
        SearchEntry = Application(4), SearchDone = Application(5), AbandonRequest = Application(16), ExtendedRequest = Application(23), ExtendedResponse = Application(24);

    private Stream _stream = stream;
    private bool _isTls = isTls;

    private string Marker => _isTls ? " tls" : "";

    public async Task RunAsync(Func<Stream, Task<Stream>> secure, CancellationToken end)
    {
        while (await ReadAsync(end) is { } message)
        {
            var reader = new AsnReader(message, AsnEncodingRules.BER).ReadSequence();
            BigInteger id = reader.ReadInteger();
            Asn1Tag operation = reader.PeekTag();
            if (operation.HasSameClassAndValue(UnbindRequest))
            {
                return;
            }

            // AbandonRequest (RFC 4511 §4.11), from who has waited in vain: there is no answer to it.
            if (operation.HasSameClassAndValue(AbandonRequest) || IsSilentAbout(operation))
            {
                continue;
            }

            AsnReader body = reader.ReadSequence(operation);
            if (operation.HasSameClassAndValue(BindRequest))
            {
                int code = Bind(body);
                await directory.Gate;
                await AnswerAsync(id, BindResponse, code, end);
            }
            else if (operation.HasSameClassAndValue(SearchRequest))
            {
                await SearchAsync(id, body, end);
            }
            else if (operation.HasSameClassAndValue(ExtendedRequest) && Text(body.ReadOctetString(new Asn1Tag(TagClass.ContextSpecific, 0))) == StartTls)
            {
                directory.Asked.Enqueue("starttls");
                await AnswerAsync(id, ExtendedResponse, directory.Certificate is null ? UnwillingToPerform : Success, end);
                if (directory.Certificate is not null)
                {
                    _stream = await secure(_stream);
                    _isTls = true;
                }
            }
            else
            {
                return;
            }
        }
    }

    private bool IsSilentAbout(Asn1Tag operation) => directory.SilentAt switch
    {
        ScriptedSilence.StartTls => operation.HasSameClassAndValue(ExtendedRequest),
        ScriptedSilence.Bind => operation.HasSameClassAndValue(BindRequest),
        ScriptedSilence.Search => operation.HasSameClassAndValue(SearchRequest),
        _ => false,
    };

    private int Bind(AsnReader body)
    {
        _ = body.ReadInteger();
        string dn = Text(body.ReadOctetString());
        string password = Text(body.ReadOctetString(new Asn1Tag(TagClass.ContextSpecific, 0)));
        directory.Asked.Enqueue($"bind {dn}{Marker}");
        ScriptedEntry? entry = directory.Entries.FirstOrDefault(one => one.Dn.Equals(dn, StringComparison.OrdinalIgnoreCase));
        return password.Length == 0 || entry?.Password == password ? Success : InvalidCredentials;
    }

    private async Task SearchAsync(BigInteger id, AsnReader body, CancellationToken end)
    {
        string baseDn = Text(body.ReadOctetString());
        int scope = (int)body.ReadEnumeratedValue<Scope>();
        _ = body.ReadEnumeratedValue<Scope>();
        _ = body.ReadInteger();
        _ = body.ReadInteger();
        _ = body.ReadBoolean();
        (string text, Func<ScriptedEntry, bool> holds) = ReadFilter(body);
        directory.Asked.Enqueue($"search {baseDn} {scope} {text}{Marker}");
        if (!directory.Entries.Any(entry => entry.Dn.EndsWith(baseDn, StringComparison.OrdinalIgnoreCase)))
        {
            await AnswerAsync(id, SearchDone, NoSuchObject, end);
            return;
        }

        foreach (ScriptedEntry entry in directory.Entries.Where(entry => (entry.Dn.Length == 0 || entry.Dn.EndsWith(baseDn, StringComparison.OrdinalIgnoreCase)) && holds(entry)))
        {
            await WriteAsync(id, SearchEntry, writer =>
            {
                writer.WriteOctetString(Encoding.UTF8.GetBytes(entry.Dn));
                using (writer.PushSequence())
                {
                }
            }, end);
        }

        await AnswerAsync(id, SearchDone, Success, end);
    }

    // RFC 4511 §4.5.1.7: and, or, equalityMatch; what else there is, nobody in here asks.
    private static (string Text, Func<ScriptedEntry, bool> Holds) ReadFilter(AsnReader reader)
    {
        Asn1Tag tag = reader.PeekTag();
        if (tag.TagValue is 0 or 1)
        {
            var parts = new List<(string Text, Func<ScriptedEntry, bool> Holds)>();
            AsnReader set = reader.ReadSetOf(skipSortOrderValidation: true, tag);
            while (set.HasData)
            {
                parts.Add(ReadFilter(set));
            }

            bool isAnd = tag.TagValue == 0;
            return ($"({(isAnd ? '&' : '|')}{string.Concat(parts.Select(part => part.Text))})", entry => isAnd ? parts.All(part => part.Holds(entry)) : parts.Any(part => part.Holds(entry)));
        }

        if (tag.TagValue != 3)
        {
            _ = reader.ReadEncodedValue();
            return (string.Create(CultureInfo.InvariantCulture, $"(filter {tag.TagValue})"), _ => true);
        }

        AsnReader pair = reader.ReadSequence(tag);
        (string name, string value) = (Text(pair.ReadOctetString()), Text(pair.ReadOctetString()));
        return ($"({name}={value})", entry => entry.Attributes.Any(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && one.Value == value));
    }

    private Task AnswerAsync(BigInteger id, Asn1Tag operation, int code, CancellationToken end) => WriteAsync(id, operation, writer =>
    {
        writer.WriteEnumeratedValue((Scope)code);
        writer.WriteOctetString([]);
        writer.WriteOctetString([]);
    }, end);

    private async Task WriteAsync(BigInteger id, Asn1Tag operation, Action<AsnWriter> write, CancellationToken end)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(id);
            using (writer.PushSequence(operation))
            {
                write(writer);
            }
        }

        await _stream.WriteAsync(writer.Encode(), end);
    }

    // One BER element: a tag, a length of the short or the long form, and as many bytes.
    private async Task<byte[]?> ReadAsync(CancellationToken end)
    {
        var head = new byte[6];
        if (await _stream.ReadAtLeastAsync(head.AsMemory(0, 2), 2, throwOnEndOfStream: false, end) < 2)
        {
            return null;
        }

        int more = head[1] < 0x80 ? 0 : head[1] & 0x7f;
        await _stream.ReadExactlyAsync(head.AsMemory(2, more), end);
        int length = more == 0 ? head[1] : head.AsSpan(2, more).ToArray().Aggregate(0, (sum, part) => sum << 8 | part);
        var message = new byte[2 + more + length];
        head.AsSpan(0, 2 + more).CopyTo(message);
        await _stream.ReadExactlyAsync(message.AsMemory(2 + more), end);
        return message;
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    private static Asn1Tag Application(int number) => new(TagClass.Application, number, isConstructed: true);

    // The reader and the writer want an enum for ENUMERATED; any will do.
    private enum Scope
    {
        None = 0,
    }
}
