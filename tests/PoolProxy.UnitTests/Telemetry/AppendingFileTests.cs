using PoolProxy.Core.Telemetry;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.UnitTests.Telemetry;

public sealed class AppendingFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Two_that_write_to_one_file_write_behind_each_other()
    {
        string path = _folder.Combine("log");
        using (var one = AppendingFile.Open(path, OwnerOnly))
        using (var other = AppendingFile.Open(path, OwnerOnly))
        {
            for (var i = 0; i < 3; i++)
            {
                one.Write("one\n"u8);
                other.Write("other\n"u8);
            }
        }

        Assert.Equal("one\nother\none\nother\none\nother\n", File.ReadAllText(path));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_file_that_was_cut_off_goes_on_at_its_beginning()
    {
        string path = _folder.Combine("log");
        using var log = AppendingFile.Open(path, OwnerOnly);
        log.Write("before\n"u8);
        File.WriteAllText(path, "");
        log.Write("after\n"u8);
        Assert.Equal("after\n", File.ReadAllText(path));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_an_IOException() =>
        Assert.Throws<IOException>(() => AppendingFile.Open(_folder.Combine("nowhere", "log"), OwnerOnly));
}
