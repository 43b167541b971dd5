using System.Text;
using PoolProxy.Configuration.Model;
using PoolProxy.Identity.Revocation;

namespace PoolProxy.Core.Authentication.Revocation;

/// <summary>Orders in files (<see cref="RevocationFile"/>): the one that people write, and the one that the proxy keeps its own in. Not for loops.</summary>
internal static class RevocationFiles
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads <c>file</c>, whose issuers may be named by their URLs; null with the reason where it is missing or not understood.</summary>
    public static RevocationSet? ReadWatched(ProxyConfiguration configuration, string path, DateTimeOffset now, out string? fault)
    {
        if (Read(configuration, path, now, out fault) is not { } entries)
        {
            return null;
        }

        var resolved = new List<RevocationEntry>(entries.Count);
        foreach (var entry in entries)
        {
            var issuer = entry.Key.Issuer.Length == 0 ? "" : NameOf(configuration, entry.Key.Issuer);
            if (issuer is null)
            {
                fault = $"issuer \"{entry.Key.Issuer}\" is not configured";
                return null;
            }

            resolved.Add(entry with { Key = entry.Key with { Issuer = issuer }, Source = "file" });
        }

        return RevocationSet.Of(resolved);
    }

    /// <summary>Reads <c>state_file</c>; one that is not there yet holds nothing.</summary>
    public static RevocationSet? ReadState(ProxyConfiguration configuration, string path, DateTimeOffset now, out string? fault)
    {
        fault = null;
        return !File.Exists(path) ? RevocationSet.Empty
            : Read(configuration, path, now, out fault) is { } entries ? RevocationSet.Of(entries).At(now)
            : null;
    }

    /// <summary>Writes all of <c>state_file</c> anew, so that a crash leaves the old one or the new one; null, or why not.</summary>
    public static string? WriteState(string path, RevocationSet orders)
    {
        try
        {
            var fresh = path + ".new";
            using (var file = new FileStream(fresh, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            using (var writer = new StreamWriter(file, StrictUtf8))
            {
                writer.WriteLine("# Revocations of the console and of issuers, written by PoolProxy and read when it starts.");
                foreach (var entry in orders.Entries)
                {
                    writer.WriteLine(RevocationText.Write(entry));
                }

                writer.Flush();
                file.Flush(flushToDisk: true);
            }

            File.Move(fresh, path, overwrite: true);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return failure.Message;
        }
    }

    private static List<RevocationEntry>? Read(ProxyConfiguration configuration, string path, DateTimeOffset now, out string? fault)
    {
        try
        {
            if (new FileInfo(path).Length > RevocationFile.MaxBytes)
            {
                fault = $"it is longer than {RevocationFile.MaxBytes} bytes";
                return null;
            }

            var keep = configuration.RevocationKeep;
            var until = keep > TimeSpan.Zero ? now + keep : DateTimeOffset.MaxValue;
            var text = StrictUtf8.GetString(File.ReadAllBytes(path));
            return RevocationFile.TryRead(text, configuration.Revocation.MaxEntries, now, until, out var entries, out fault) ? entries : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            fault = failure.Message;
            return null;
        }
        catch (DecoderFallbackException)
        {
            fault = "it is no UTF-8";
            return null;
        }
    }

    private static string? NameOf(ProxyConfiguration configuration, string issuer) =>
        configuration.Issuers.Values.FirstOrDefault(known => known.Name == issuer || known.Issuer == issuer)?.Name;
}
