using Xunit;

[assembly: TestCollectionOrderer("PoolProxy.Testing.Runner.LongestFirst", "PoolProxy.Testing")]

namespace PoolProxy.IntegrationTests;

/// <summary>Tests that look at what the whole process does: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(AloneInTheProcess), DisableParallelization = true)]
public sealed class AloneInTheProcess;
