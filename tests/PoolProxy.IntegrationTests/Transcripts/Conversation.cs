using PoolProxy.Testing.Transcripts;

namespace PoolProxy.IntegrationTests.Transcripts;

/// <summary>
/// A conversation with the relay, as a client sees it and, where the proxy puts it in other words, as the server does. The first line is its
/// name. A line that ends in <c>…</c> holds all that a scripted server needs to say; a real one adds what differs between versions.
/// </summary>
/// <param name="Name">What it is about.</param>
/// <param name="Text">The client's side of it.</param>
/// <param name="FirstUpstream">What the server sees the first time; null where that is the same.</param>
/// <param name="LaterUpstream">What it sees from the second time on, when it holds the client's statement already.</param>
public sealed record Conversation(string Name, string Text, string? FirstUpstream = null, string? LaterUpstream = null)
{
    /// <summary>For a client in front of a real server.</summary>
    public Transcript Abbreviated => Transcript.Parse(Text);

    /// <summary>For a client whose server is scripted: byte for byte.</summary>
    public Transcript Exact => Transcript.Parse(Complete(Text));

    /// <summary>For the scripted server, in the first or a later turn.</summary>
    public Transcript Upstream(int turn) => Transcript.Parse(Complete((turn == 0 ? FirstUpstream : LaterUpstream ?? FirstUpstream) ?? Text));

    // What is sent must be whole; what is only compared may stay abbreviated.
    private static string Complete(string text) =>
        string.Join('\n', text.Split('\n').Select(line => line.TrimStart().StartsWith('<') ? line.Replace(" …", "", StringComparison.Ordinal) : line));
}
