using PoolProxy.Core.Authentication.Keys;
using PoolProxy.Sandbox.Issuers;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.UnitTests.Identity;

public sealed class FileKeySourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_is_read_again_only_when_it_has_changed()
    {
        Write(Corp.Rsa);
        using FileKeySource source = NewSource();
        KeyFetch first = await source.FetchAsync(default);
        KeyFetch second = await source.FetchAsync(default);
        Write(Corp.Rsa, Corp.Ec);
        KeyFetch third = await source.FetchAsync(default);

        Assert.Same(first.KeySet, second.KeySet);
        Assert.Single(first.KeySet!.Keys);
        Assert.Equal(2, third.KeySet!.Keys.Count);
    }

    [Fact]
    public async Task A_file_of_the_same_length_and_a_later_time_is_read_again()
    {
        string path = Write(Corp.Rsa);
        using FileKeySource source = NewSource();
        KeyFetch first = await source.FetchAsync(default);
        File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddSeconds(1));

        Assert.NotSame(first.KeySet, (await source.FetchAsync(default)).KeySet);
    }

    [Fact]
    public async Task A_missing_file_is_a_fault() => Assert.NotNull((await NewSource().FetchAsync(default)).Fault);

    [Fact]
    public async Task A_file_over_the_bound_is_a_fault()
    {
        _folder.Write("keys.json", """{"keys":[]}""".PadRight(5000));

        Assert.Equal("The file is longer than 4096 bytes.", (await NewSource(4096).FetchAsync(default)).Fault);
    }

    [Fact]
    public async Task A_half_written_file_is_a_fault_until_it_is_whole()
    {
        using FileKeySource source = NewSource();
        _folder.Write("keys.json", """{"keys":[""");
        Assert.NotNull((await source.FetchAsync(default)).Fault);
        Write(Corp.Rsa);

        Assert.NotNull((await source.FetchAsync(default)).KeySet);
    }

    private string Write(params IssuerKey[] keys) =>
        _folder.Write("keys.json", $$"""{"keys":[{{string.Join(',', keys.Select(key => key.ToJwk().ToJsonString()))}}]}""");

    private FileKeySource NewSource(int maxBytes = 65536) => new(new KeySourceSettings(
        Corp.Issuer, _folder.Combine("keys.json"), null, null, false, TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(30), TimeSpan.FromHours(24), TimeSpan.FromSeconds(5), maxBytes));
}
