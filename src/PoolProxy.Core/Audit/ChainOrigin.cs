using System.Text.Json;

namespace PoolProxy.Core.Audit;

/// <summary>A record of the chain itself, as <see cref="ChainFile"/> writes it.</summary>
/// <param name="Reason">Its word.</param>
/// <param name="Algorithm">What the hashes from it on are made with.</param>
/// <param name="Previous">The hash that it follows.</param>
/// <param name="SkippedBytes">Bytes ahead of it that are no record.</param>
/// <param name="SkippedHash">Their SHA-256; null where that was not taken.</param>
internal sealed record ChainOrigin(string Reason, string Algorithm, byte[] Previous, long SkippedBytes, string? SkippedHash)
{
    /// <summary>Reads one; null for any other record.</summary>
    public static ChainOrigin? TryRead(ReadOnlySpan<byte> line)
    {
        // A text in a record has its quotes escaped, so this is nobody's text.
        if (line.IndexOf(ChainLine.ChainEvent) is < 0 or > 64)
            return null;
        try
        {
            using var json = JsonDocument.Parse(line.ToArray());
            var root = json.RootElement;
            return new(
                root.GetProperty("reason").GetString() ?? "",
                root.GetProperty("algorithm").GetString() ?? "",
                System.Text.Encoding.ASCII.GetBytes(root.GetProperty("previous").GetString() ?? ""),
                root.TryGetProperty("skipped_bytes", out var skipped) ? skipped.GetInt64() : 0,
                root.TryGetProperty("skipped_sha256", out var hash) ? hash.GetString() : null);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
