using PoolProxy.Configuration.Model;
using PoolProxy.Core.Admin.Language;
using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Frontend;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Admin;

/// <summary>Runs one client's commands: logs what changes something and what was refused, and counts. Owned by its session.</summary>
internal sealed class CommandRunner(ConsoleView view, ClientSession session, ConsoleAccess access)
{
    /// <summary>Must be started by the loop's Run. A fault of ours is a FATAL answer: the client must not be left without one.</summary>
    public async Task<ConsoleAnswer> RunAsync(ConsoleStatement statement)
    {
        var start = view.Services.Loop.NowMilliseconds;
        var answer = await AnswerAsync(statement);
        view.OwnStats.QueryCount++;
        view.OwnStats.XactCount++;
        view.OwnStats.QueryMicroseconds += (view.Services.Loop.NowMilliseconds - start) * 1000;
        return answer;
    }

    // A command's outermost step.
    private async Task<ConsoleAnswer> AnswerAsync(ConsoleStatement statement)
    {
        var command = statement.Command;
        if (command.IsLogged)
        {
            view.Services.Log.ConsoleCommand(session, $"{command.Name} {statement.Argument}".TrimEnd());
        }

        try
        {
            var answer = await command.RunAsync(new ConsoleRequest(view, session, access, statement.Argument));
            if (ReferenceEquals(answer.Error, ConsoleErrors.AdminAccessNeeded))
            {
                view.Services.Log.ConsoleRefused(session, command.Name);
            }

            return answer;
        }
        catch (Exception fault)
        {
            view.Services.Log.ProcessFault(fault);
            return ConsoleAnswer.Failed(ProxyErrors.Internal);
        }
    }
}
