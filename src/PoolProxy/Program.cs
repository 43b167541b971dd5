using PoolProxy.Commands;
using PoolProxy.Core;
using PoolProxy.Hosting;
using PoolProxy.Sandbox.Demo;

return await new CommandLine(
    new ProxyCommands
    {
        Run = options => RunningProxy.RunAsync(options, Console.Error),
        Demo = (once, output) => DemoCommand.RunAsync(once, async file => await ProxyServer.StartAsync(file, isQuiet: true), output),
    },
    Console.Out,
    Console.Error).InvokeAsync(args);
