using PoolProxy.Core.Audit;
using PoolProxy.Protocol.Conversation;

namespace PoolProxy.Core.Relay.Auditing;

/// <summary>
/// Writes the records of one client's statements: who (made once), what, and what came of it. The bytes are made where the statement ran and go to the
/// writer in a rented array.
/// </summary>
internal sealed class RecordWriter(RelayClient client, LoopAudit audit)
{
    /// <summary>Room for the array of the next record.</summary>
    private const int UsualBytes = 1024;

    private byte[]? _who;

    /// <summary>Writes a record, if the settings want it.</summary>
    /// <param name="request">The request that it is about.</param>
    /// <param name="outcome">The word for how it ended.</param>
    /// <param name="result">What the server has said of it.</param>
    /// <param name="phase">What failed, if that is not the execution.</param>
    public void Write(in WatchedRequest request, ReadOnlySpan<byte> outcome, StatementResult result, ReadOnlySpan<byte> phase = default)
    {
        if (request.Note is { IsReadOnly: true } && !result.IsRefused)
        {
            return;
        }

        var json = audit.Record;
        json.Clear();
        json.Raw("{\"time\":"u8);
        json.Time(audit.Trail.Time.GetUtcNow().UtcDateTime);
        json.Raw(",\"event\":\"statement\",\"outcome\":\""u8);
        json.Raw(outcome);
        json.Raw("\""u8);
        json.Raw(_who ??= Who());
        if (request.ServerPid != 0)
        {
            json.Raw(",\"server_pid\":"u8);
            json.Number(request.ServerPid);
        }

        json.Raw(",\"protocol\":"u8);
        json.Raw(request.Kind switch
        {
            OwedKind.Query => "\"simple\""u8,
            OwedKind.FunctionCall => "\"function_call\""u8,
            _ => "\"extended\""u8,
        });
        if (request.Kind == OwedKind.FunctionCall)
        {
            json.Raw(",\"function_oid\":"u8);
            json.Number(request.Number);
        }

        json.Raw(request.Note is { } note ? note.Json.Span : default);
        json.Raw(request.Parameters is { } parameters ? parameters.Json.Span : default);
        result.WriteTo(json);
        if (!phase.IsEmpty)
        {
            json.Raw(",\"phase\":\""u8);
            json.Raw(phase);
            json.Raw("\""u8);
        }

        json.Raw(",\"duration_ms\":"u8);
        json.Thousandths((long)client.Shared.Loop.Time.GetElapsedTime(request.Start).TotalMicroseconds);
        var length = json.Length;
        audit.Trail.Record(new AuditEntry(json.Detach(UsualBytes), length, IsRented: true));
    }

    private byte[] Who()
    {
        using var json = new AuditBuffer();
        Put(json, ",\"address\":"u8, client.Address);
        Put(json, ",\"user\":"u8, client.User);
        Put(json, ",\"database\":"u8, client.Database);
        Put(json, ",\"issuer\":"u8, client.Identity.Issuer);
        Put(json, ",\"subject\":"u8, client.Identity.Subject);
        Put(json, ",\"role\":"u8, client.Identity.Role);
        return json.Span.ToArray();
    }

    private static void Put(AuditBuffer json, ReadOnlySpan<byte> field, string text)
    {
        if (text.Length > 0)
        {
            json.Raw(field);
            json.Text(text);
        }
    }
}
