return await new PoolProxy.Soak.SoakCommand(Console.Out).InvokeAsync(args);
