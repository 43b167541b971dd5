namespace PoolProxy.Core.Loops.Uring;

/// <summary>How large an engine's queues and buffers are; tests make them small to reach their ends.</summary>
internal sealed record UringSizes
{
    /// <summary>What the proxy uses.</summary>
    public static readonly UringSizes Default = new();

    /// <summary>Entries handed to the kernel in one system call; with more, one is made in between. A power of two.</summary>
    public int SubmissionEntries { get; init; } = 1024;

    /// <summary>Completions that fit at once; the kernel keeps more aside and hands them over later. A power of two.</summary>
    public int CompletionEntries { get; init; } = 8192;

    /// <summary>Receive buffers. A power of two.</summary>
    public int BufferCount { get; init; } = 256;

    /// <summary>The size of each receive buffer: the largest piece a handler is given.</summary>
    public int BufferBytes { get; init; } = 32 * 1024;

    /// <summary>Receive buffers that the kernel has at a time as long as it does not run out of them.</summary>
    public int BufferWindow { get; init; } = 64;

    /// <summary>Busy sockets that are registered with the ring; others are looked up by descriptor. 0: none is.</summary>
    public int FixedFiles { get; init; } = 4096;

    /// <summary>Submission goes through an array of indices, as kernels before 6.6 want it, also where the kernel can do without.</summary>
    public bool AsksForIndexArray { get; init; }
}
