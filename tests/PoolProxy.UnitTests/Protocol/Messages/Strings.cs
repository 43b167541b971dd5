using FsCheck;
using FsCheck.Fluent;

namespace PoolProxy.UnitTests.Protocol.Messages;

/// <summary>Any bytes but NUL: what a String of the protocol may hold.</summary>
internal static class Strings
{
    public static Arbitrary<byte[]> Any { get; } =
        Gen.Choose(1, 255).Select(number => (byte)number).ArrayOf().ToArbitrary();
}
