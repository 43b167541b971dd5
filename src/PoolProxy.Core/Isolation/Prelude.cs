namespace PoolProxy.Core.Isolation;

/// <summary>
/// The bytes that go ahead of a client's own, and how PostgreSQL answers them when all is well (isolation.md §3). Built once for an
/// identity and a set of parameters and used again; the array is pinned, so that it can be a segment of a write.
/// </summary>
/// <param name="Bytes">Whole messages.</param>
/// <param name="Wipe">It begins with message 1: Parse/Bind/Execute of <see cref="WipeStatement"/> without Sync.</param>
/// <param name="WipeLengthBytes">How many bytes message 1 has.</param>
/// <param name="Form">How the SETs are sent.</param>
/// <param name="SetCounts">How many SET are confirmed in each batch, in order; one batch, or two where the client's own parameters are tried apart.</param>
internal sealed record Prelude(byte[] Bytes, PreludeWipe Wipe, int WipeLengthBytes, PreludeForm Form, int[] SetCounts);
