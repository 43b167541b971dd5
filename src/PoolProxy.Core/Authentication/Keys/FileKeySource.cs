using PoolProxy.Identity.Keys;

namespace PoolProxy.Core.Authentication.Keys;

/// <summary><c>jwks_file</c>: looked at every few seconds, read again when its time of change or its length differs.</summary>
internal sealed class FileKeySource(KeySourceSettings settings) : IKeySource
{
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(5);

    private (DateTime ChangedAt, long LengthBytes) _seen;
    private KeySet? _keySet;

    public TimeSpan PollInterval => settings.RefreshInterval < LongestPoll ? settings.RefreshInterval : LongestPoll;

    // A look at a local file harms nobody; the interval only keeps strangers' tokens from making it a habit.
    public TimeSpan ForcedInterval => TimeSpan.FromSeconds(1);

    public async Task<KeyFetch> FetchAsync(CancellationToken cancellation)
    {
        try
        {
            var file = new FileInfo(settings.JwksFile!);
            (DateTime, long) seen = (file.LastWriteTimeUtc, file.Exists ? file.Length : -1);
            if (_keySet is not null && seen == _seen)
            {
                return KeyFetch.Of(_keySet);
            }

            await using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (await BoundedBody.ReadAsync(stream, settings.MaxBytes, cancellation) is not { } document)
            {
                return KeyFetch.Failed($"The file is longer than {settings.MaxBytes} bytes.");
            }

            if (!KeySet.TryRead(document, out KeySet? keySet, out string? fault, settings.MaxBytes))
            {
                return KeyFetch.Failed(fault);
            }

            // Remembered only when good: a half-written file is looked at again.
            _seen = seen;
            _keySet = keySet;
            return KeyFetch.Of(keySet);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return KeyFetch.Failed($"The file cannot be read: {exception.Message}");
        }
    }

    public void Dispose()
    {
    }
}
