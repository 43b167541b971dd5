using Xunit;

namespace PoolProxy.UnitTests;

/// <summary>Tests that count what the whole process holds run while no other does.</summary>
[CollectionDefinition(nameof(AloneInTheProcess), DisableParallelization = true)]
public sealed class AloneInTheProcess;
