using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;

// Each benchmark class is built once more, with all of the proxy behind it: on a busy machine that takes longer than the two minutes it is given by default.
BenchmarkSwitcher
    .FromAssembly(typeof(PoolProxy.Microbench.FramingBenchmarks).Assembly)
    .Run(args, ManualConfig.Create(DefaultConfig.Instance).WithBuildTimeout(TimeSpan.FromMinutes(15)));
