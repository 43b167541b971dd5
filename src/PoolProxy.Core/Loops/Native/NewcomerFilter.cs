using System.Runtime.InteropServices;

namespace PoolProxy.Core.Loops.Native;

/// <summary>
/// A filter on a listening TCP socket that drops what opens a connection (SYN) and nothing else: handshakes under way end well, and newcomers, who ask again
/// within a second, come to another process that listens on the port. Without it, what waits in the queue of a socket that is closed gets a reset (socket(7),
/// SO_REUSEPORT), unless the system moves it (net.ipv4.tcp_migrate_req, Linux 5.14).
/// </summary>
internal static unsafe class NewcomerFilter
{
    private const int SO_ATTACH_FILTER = 26;
    private const ushort LoadByte = 0x30;     // BPF_LD | BPF_B | BPF_ABS
    private const ushort And = 0x54;          // BPF_ALU | BPF_AND | BPF_K
    private const ushort JumpIfEqual = 0x15;  // BPF_JMP | BPF_JEQ | BPF_K
    private const ushort Return = 0x06;       // BPF_RET | BPF_K
    private const uint FlagsOffset = 13;      // RFC 9293 §3.1: the filter sees the packet from the TCP header on
    private const uint SynAndAck = 0x12;
    private const uint Syn = 0x02;

    /// <summary>Puts it in place. Answers the errno; 0 for none.</summary>
    public static int Attach(int descriptor)
    {
        var steps = stackalloc Step[]
        {
            new Step { Code = LoadByte, Value = FlagsOffset },
            new Step { Code = And, Value = SynAndAck },
            new Step { Code = JumpIfEqual, IfTrue = 0, IfFalse = 1, Value = Syn },
            new Step { Code = Return, Value = 0 },
            new Step { Code = Return, Value = uint.MaxValue },
        };
        var program = new Program { Length = 5, Steps = steps };
        return Libc.setsockopt(descriptor, Libc.SOL_SOCKET, SO_ATTACH_FILTER, &program, (uint)sizeof(Program)) < 0 ? Libc.LastError : 0;
    }

    // struct sock_filter
    [StructLayout(LayoutKind.Sequential)]
    private struct Step
    {
        public ushort Code;
        public byte IfTrue;
        public byte IfFalse;
        public uint Value;
    }

    // struct sock_fprog
    [StructLayout(LayoutKind.Sequential)]
    private struct Program
    {
        public ushort Length;
        public Step* Steps;
    }
}
