using PoolProxy.Testing.Wire;

namespace PoolProxy.Testing.Transcripts;

/// <summary>One line of a transcript: a message in one direction.</summary>
/// <param name="Message">The whole message; null where the line ends in <c>…</c> and only says the beginning.</param>
/// <param name="Side">Who sends it.</param>
/// <param name="Name">The message's name.</param>
/// <param name="Known">The parts that an abbreviated line demands, each of which must occur in the message's notation.</param>
public sealed record TranscriptStep(WireMessage? Message, Side Side, string Name, IReadOnlyList<string> Known)
{
    /// <summary>Whether a message is the one that this line demands: byte for byte, or, abbreviated, by name and parts.</summary>
    public bool Accepts(WireMessage actual) => Message is { } whole
        ? whole.SameBytes(actual)
        : actual.Name == Name && Known.All(part => actual.ToString().Contains(part, StringComparison.Ordinal));

    /// <inheritdoc/>
    public override string ToString() =>
        (Side == Side.Frontend ? "> " : "< ") + (Message?.ToString() ?? string.Join(' ', [Name, .. Known, "…"]));
}
