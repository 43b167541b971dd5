using System.Runtime.InteropServices;

namespace PoolProxy.Core.Loops.Uring;

/// <summary><c>struct io_uring_sqe</c>, with the fields that our operations use.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal unsafe struct SubmissionEntry
{
    [FieldOffset(0)]
    public byte Operation;

    [FieldOffset(1)]
    public byte Flags;

    /// <summary><c>ioprio</c>: RECV and ACCEPT have flags of their own there.</summary>
    [FieldOffset(2)]
    public ushort OperationOptions;

    [FieldOffset(4)]
    public int Descriptor;

    [FieldOffset(16)]
    public void* Address;

    /// <summary>The other meaning of <see cref="Address"/>: the user data of what is to be cancelled.</summary>
    [FieldOffset(16)]
    public ulong Target;

    [FieldOffset(24)]
    public uint Length;

    /// <summary><c>msg_flags</c>, <c>poll32_events</c>, <c>accept_flags</c>.</summary>
    [FieldOffset(28)]
    public uint OperationFlags;

    [FieldOffset(32)]
    public ulong UserData;

    [FieldOffset(40)]
    public ushort BufferGroup;
}
