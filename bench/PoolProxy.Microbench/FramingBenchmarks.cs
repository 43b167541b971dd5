using BenchmarkDotNet.Attributes;
using PoolProxy.Protocol.Conversation;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Backend;
using PoolProxy.Protocol.Messages.Frontend;

namespace PoolProxy.Microbench;

/// <summary>Walking over messages, and keeping the books on what a server owes. The relay does both for every message, so both must allocate nothing.</summary>
[MemoryDiagnoser]
public class FramingBenchmarks
{
    private const int Rows = 1000;

    private readonly Conversation _conversation = new();
    private byte[] _rows = [];
    private byte[] _bind = [];

    /// <summary>Builds the messages.</summary>
    [GlobalSetup]
    public void Setup()
    {
        using var writer = new MessageWriter();
        for (int row = 0; row < Rows; row++)
        {
            writer.Begin(BackendType.DataRow);
            writer.WriteInt16(1);
            writer.WriteInt32(20);
            writer.WriteText("twenty characters...");
            writer.End();
        }
        _rows = writer.WrittenSpan.ToArray();
        writer.Clear();
        Bind.Write(writer, default, "statement_17"u8, ["12345"u8.ToArray()]);
        _bind = writer.WrittenSpan.ToArray();
    }

    /// <summary>Over the headers of a thousand rows.</summary>
    [Benchmark(OperationsPerInvoke = Rows)]
    public int Frames()
    {
        int count = 0;
        ReadOnlySpan<byte> bytes = _rows;
        while (Frame.TryReadHeader(bytes, out _, out long length) == FrameStatus.Complete)
        {
            bytes = bytes[(int)length..];
            count++;
        }
        return count;
    }

    /// <summary>The names inside a Bind.</summary>
    [Benchmark]
    public int BindNames() => Bind.TryRead(_bind.AsSpan(Frame.HeaderLength), out Bind message) ? message.StatementName.Length : -1;

    /// <summary>What is owed for Parse, Bind, Describe, Execute, Sync, asked and answered.</summary>
    [Benchmark]
    public bool ExtendedQueryBooks()
    {
        _conversation.Expect(OwedKind.Parse, OwedOrigin.Client);
        _conversation.Expect(OwedKind.Bind, OwedOrigin.Client);
        _conversation.Expect(OwedKind.DescribePortal, OwedOrigin.Client);
        _conversation.Expect(OwedKind.Execute, OwedOrigin.Client);
        _conversation.Expect(OwedKind.Sync, OwedOrigin.Client);
        _conversation.Receive(BackendType.ParseComplete);
        _conversation.Receive(BackendType.BindComplete);
        _conversation.Receive(BackendType.RowDescription);
        _conversation.Receive(BackendType.DataRow);
        _conversation.Receive(BackendType.CommandComplete);
        _conversation.Receive(BackendType.ReadyForQuery, (byte)'I');
        return _conversation.IsQuiet;
    }
}
