using System.Diagnostics;
using System.Net.Sockets;
using PoolProxy.Protocol.Errors;

namespace PoolProxy.UnitTests.Architecture.Samples;

// What a pure project must not do, one way a type; nothing here ever runs.

internal sealed class ReadsTheClock
{
    internal static DateTime Run() => DateTime.UtcNow;
}

internal sealed class ReadsTheClockWithOffset
{
    internal static DateTimeOffset Run() => DateTimeOffset.UtcNow;
}

internal sealed class MeasuresTime
{
    internal static long Run() => Stopwatch.GetTimestamp();
}

internal sealed class TakesATimeProvider
{
    internal static DateTimeOffset Run(TimeProvider time) => time.GetUtcNow();
}

internal sealed class OpensAFile
{
    internal static byte[] Run() => File.ReadAllBytes("x");
}

internal sealed class TakesASocket
{
    internal static void Run(Socket socket) => GC.KeepAlive(socket);
}

internal sealed class ReturnsATask
{
    internal static Task Run() => Task.CompletedTask;
}

internal sealed class Logs
{
    internal static void Run(Microsoft.Extensions.Logging.ILogger log) => GC.KeepAlive(log);
}

internal sealed class NamesAnotherProject
{
    internal static object Run() => Severity.Error;
}

/// <summary>Handles time as an argument, which is allowed.</summary>
internal sealed class Pure
{
    internal static DateTime Run(DateTime now) => now.AddSeconds(1);
}
