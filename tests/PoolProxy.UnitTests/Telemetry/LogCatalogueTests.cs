using System.Reflection;
using Microsoft.Extensions.Logging;
using PoolProxy.Core.Telemetry;
using Xunit;

namespace PoolProxy.UnitTests.Telemetry;

public sealed class LogCatalogueTests
{
    private static readonly List<(MethodInfo Method, LoggerMessageAttribute Message)> Messages =
        [.. typeof(Log).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)
            .Select(method => (method, message: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(entry => entry.message is not null)
            .Select(entry => (entry.method, entry.message!))];

    [Fact]
    public void No_id_is_used_twice() =>
        Assert.Empty(Messages.GroupBy(entry => entry.Message.EventId).Where(group => group.Count() > 1).Select(group => group.Key));

    [Fact]
    public void Every_id_lies_in_the_range_of_a_subject() =>
        Assert.All(Messages, entry => Assert.InRange(entry.Message.EventId, 100, 799));

    [Fact]
    public void Messages_begin_small_and_end_without_a_full_stop() =>
        Assert.All(Messages, entry => Assert.Matches(@"^[a-z{].*[^.]$", entry.Message.Message));

    [Fact]
    public void Nothing_that_could_be_a_secret_is_a_placeholder()
    {
        string[] secrets = ["token", "password", "secret", "key", "parameters", "claims"];
        foreach (var parameter in Messages.SelectMany(entry => entry.Method.GetParameters()))
            Assert.DoesNotContain(parameter.Name!.ToLowerInvariant(), secrets);
    }
}
