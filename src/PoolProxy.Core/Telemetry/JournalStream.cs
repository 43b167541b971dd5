using System.Globalization;
using System.Runtime.InteropServices;

namespace PoolProxy.Core.Telemetry;

/// <summary>
/// Standard error where it is the system's journal: each line says how grave it is, as <c>&lt;6&gt;</c> in front (sd-daemon(3)), and the journal files it so. Whether it is the
/// journal, systemd says in JOURNAL_STREAM: device and inode, which must be those of the descriptor, for it may have been led elsewhere since (systemd.exec(5)).
/// </summary>
internal sealed partial class JournalStream(Stream inner) : Stream
{
    private const int StandardError = 2;
    private const int AT_EMPTY_PATH = 0x1000;
    private const uint STATX_INO = 0x100;
    private const int StatxBytes = 256;

    /// <summary>Standard error, with priorities where it is the journal. Never closed by us.</summary>
    public static Stream OpenStandardError() =>
        IsJournal(Environment.GetEnvironmentVariable("JOURNAL_STREAM"), IdentityOf(StandardError)) ? new JournalStream(Console.OpenStandardError()) : Console.OpenStandardError();

    /// <summary>Whether the variable names that file.</summary>
    public static bool IsJournal(string? variable, (ulong Device, ulong Inode)? file) =>
        variable?.Split(':') is [var device, var inode] && file is { } identity
        && ulong.TryParse(device, NumberStyles.None, CultureInfo.InvariantCulture, out var wantedDevice) && ulong.TryParse(inode, NumberStyles.None, CultureInfo.InvariantCulture, out var wantedInode)
        && (wantedDevice, wantedInode) == identity;

    /// <summary>Device, as <c>struct stat</c> has it, and inode of what a descriptor is open on; null where it is not.</summary>
    public static unsafe (ulong Device, ulong Inode)? IdentityOf(int descriptor)
    {
        // stx_ino at 32, stx_dev_major and minor at 136 and 140; makedev(3) puts the two together.
        var bytes = stackalloc byte[StatxBytes];
        if (statx(descriptor, "", AT_EMPTY_PATH, STATX_INO, bytes) < 0)
        {
            return null;
        }

        var (major, minor) = ((ulong)*(uint*)(bytes + 136), (ulong)*(uint*)(bytes + 140));
        return (((major & 0xFFFFF000) << 32) | ((major & 0xFFF) << 8) | ((minor & 0xFFFFFF00) << 12) | (minor & 0xFF), *(ulong*)(bytes + 32));
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>One line, in the form of <see cref="LogLine"/>.</summary>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Span<byte> prefixed = buffer.Length < 1024 ? stackalloc byte[buffer.Length + 3] : new byte[buffer.Length + 3];
        "<6>"u8.CopyTo(prefixed);
        prefixed[1] = (byte)('0' + LogLine.SeverityOf(buffer));
        buffer.CopyTo(prefixed[3..]);
        inner.Write(prefixed);
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(int directory, string path, int flags, uint mask, byte* result);
}
