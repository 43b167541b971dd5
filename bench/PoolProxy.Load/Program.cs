using PoolProxy.Load;

return await new BenchCommand(Console.Out).InvokeAsync(args);
