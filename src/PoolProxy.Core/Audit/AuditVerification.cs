using System.Globalization;
using System.Text;

namespace PoolProxy.Core.Audit;

/// <summary><c>poolproxy audit verify</c>: proves a trail against its chain of hashes, and prints what was found.</summary>
public static class AuditVerification
{
    /// <summary>Looks at files in the order in which they were written.</summary>
    /// <param name="files">Their paths.</param>
    /// <param name="keyFile">The file with the chain's key, or null.</param>
    /// <param name="head">A head that was kept: <c>SEQUENCE:HASH</c>, or null.</param>
    /// <param name="output">Gets what was found.</param>
    /// <param name="error">Gets why it could not be looked at.</param>
    public static AuditVerdict Run(IReadOnlyList<string> files, string? keyFile, string? head, TextWriter output, TextWriter error)
    {
        ChainHead? wanted = null;
        if (head is not null && !TryReadHead(head, out wanted))
        {
            error.WriteLine("poolproxy: --head takes a number and a hash of 64 digits: 1234:0f9c…");
            return AuditVerdict.Unreadable;
        }

        try
        {
            using var verifier = new ChainVerifier(keyFile is null ? null : ChainHasher.ReadKey(keyFile), wanted);
            foreach (var file in files)
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
                verifier.Read(stream, file);
            }

            verifier.End();
            Print(verifier, output);
            return verifier.Break is null ? AuditVerdict.Whole : AuditVerdict.Broken;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"poolproxy: {exception.Message}");
            return AuditVerdict.Unreadable;
        }
    }

    private static void Print(ChainVerifier verifier, TextWriter output)
    {
        output.WriteLine(verifier.Count == 0
            ? "no records"
            : string.Create(CultureInfo.InvariantCulture, $"{verifier.Count} records, {verifier.FirstSequence} to {verifier.Head.Sequence}, from {verifier.FirstTime} to {verifier.LastTime}"));
        if (verifier.DeclaredCount > 0)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{verifier.DeclaredCount} lines are no records; the chain itself declares them (torn by a crash, or older than the chain)"));
        if (verifier.LostCount > 0)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{verifier.LostCount} records were lost by the proxy itself, and it says so"));
        if (verifier.Count > 0)
        {
            output.WriteLine($"head {verifier.Head}");
            if (!verifier.IsKeyed)
                output.WriteLine("without a key: whoever can write the file can make the chain anew; keep the head elsewhere and give it with --head");
        }

        output.WriteLine(verifier.Break is { } found ? $"BROKEN {found}" : verifier.Count == 0 ? "nothing to prove" : "whole");
    }

    private static bool TryReadHead(string text, out ChainHead? head)
    {
        head = null;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !long.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            || text.Length - colon - 1 != ChainHead.HashDigits || !text.AsSpan(colon + 1).ToArray().All(char.IsAsciiHexDigitLower))
        {
            return false;
        }

        head = new ChainHead(sequence, Encoding.ASCII.GetBytes(text[(colon + 1)..]));
        return true;
    }
}
