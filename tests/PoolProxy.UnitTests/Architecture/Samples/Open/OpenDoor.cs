using PoolProxy.UnitTests.Architecture.Samples.Lower;

namespace PoolProxy.UnitTests.Architecture.Samples.Open;

/// <summary>An open room, named by all.</summary>
internal sealed class OpenDoor
{
    internal static int Call() => 1;
}

/// <summary>An open room that names another: not allowed.</summary>
internal sealed class OpenDoorGoingOut
{
    internal static int Run() => StayingDown.Run();
}
