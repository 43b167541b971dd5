using System.Runtime.InteropServices;

namespace PoolProxy.Load.Driver;

/// <summary>A socket without TLS.</summary>
internal sealed unsafe class PlainWire(int descriptor) : Wire
{
    public override bool HoldsBytes => false;

    public override int Receive(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint count = LibC.Receive(descriptor, start, buffer.Length, 0);
            if (count > 0)
            {
                return (int)count;
            }
            if (count == 0)
            {
                return Ended;
            }
            return Marshal.GetLastPInvokeError() is LibC.TryAgain or LibC.Interrupted ? 0 : throw new BenchException("a client's recv failed", LibC.LastError("recv"));
        }
    }

    public override int Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            nint count = LibC.Send(descriptor, start, bytes.Length, LibC.NoSignal);
            if (count >= 0)
            {
                return (int)count;
            }
            return Marshal.GetLastPInvokeError() is LibC.TryAgain or LibC.Interrupted ? 0 : throw new BenchException("a client's send failed", LibC.LastError("send"));
        }
    }

    public override void Release()
    {
    }
}
