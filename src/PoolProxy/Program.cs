using PoolProxy;
using PoolProxy.Commands;

return await new CommandLine(
    new ProxyCommands { Run = _ => NotYetAsync(), Demo = (_, _) => NotYetAsync() },
    Console.Out,
    Console.Error).InvokeAsync(args);

static Task<int> NotYetAsync()
{
    Console.Error.WriteLine("poolproxy: this build has no proxy in it yet");
    return Task.FromResult(ExitCode.Fault);
}
