using System.Text;
using System.Text.Json.Nodes;
using PoolProxy.Core.Access;
using PoolProxy.Identity.Tokens;
using PoolProxy.UnitTests.Identity;
using Xunit;

namespace PoolProxy.UnitTests.Access;

public sealed class AccessKeysTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public void A_credential_outlives_one_rotation_of_the_keys_and_not_two()
    {
        var time = new ManualTime();
        using var keys = new AccessKeys(time);
        string first = Sign(keys, time), same = Sign(keys, time);
        Assert.Equal(KeyOf(first), KeyOf(same));
        time.Advance(Day);
        string second = Sign(keys, time);
        Assert.NotEqual(KeyOf(first), KeyOf(second));
        Assert.True(IsGood(keys, first, time) && IsGood(keys, second, time));
        time.Advance(Day);
        string third = Sign(keys, time);
        Assert.Equal((false, true, true), (IsGood(keys, first, time), IsGood(keys, second, time), IsGood(keys, third, time)));
    }

    [Fact]
    public void Keys_of_another_process_prove_nothing()
    {
        var time = new ManualTime();
        using var keys = new AccessKeys(time);
        using var others = new AccessKeys(time);
        _ = Sign(keys, time);
        Assert.False(IsGood(keys, Sign(others, time), time));
    }

    private static string Sign(AccessKeys keys, ManualTime time) => keys.Sign(
        new JsonObject { ["iss"] = "poolproxy", ["aud"] = "poolproxy", ["sub"] = "carol", ["jti"] = "1", ["iat"] = time.GetUtcNow().ToUnixTimeSeconds(), ["exp"] = time.GetUtcNow().AddDays(9).ToUnixTimeSeconds() },
        "access+jwt",
        Day);

    private static string KeyOf(string token) => Read(token).Header.KeyId!;

    private static bool IsGood(AccessKeys keys, string token, ManualTime time) => TokenValidator.Validate(
        Read(token),
        new IssuerPolicy { Name = "access", Issuer = "poolproxy", Audiences = ["poolproxy"], Algorithms = ["ES256"], RequiredTypes = ["access+jwt"] },
        keys.KeySet,
        time.GetUtcNow()) is TokenVerdict.Accepted;

    private static UnverifiedToken Read(string token) =>
        TokenReader.TryRead(Encoding.ASCII.GetBytes(token), 4096, out UnverifiedToken? read, out _) ? read : throw new InvalidOperationException(token);
}
