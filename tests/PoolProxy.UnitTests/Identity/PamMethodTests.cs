using System.Text;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Authentication.Outside;
using PoolProxy.Core.Authentication.Pam;
using PoolProxy.Core.Transport;
using PoolProxy.Testing;
using PoolProxy.Testing.Loops;
using Xunit;

namespace PoolProxy.UnitTests.Identity;

/// <summary>auth_type = "pam", against the machine's own libpam with services of the test's own.</summary>
public sealed class PamMethodTests : IDisposable
{
    // What pam_exec is given on its standard input ends with a NUL.
    private const string AsksScript = "#!/bin/sh\nread -r given\n[ \"$PAM_USER/$PAM_RHOST/$given\" = \"alice/127.0.0.1/right\" ]\n";

    private static readonly byte[] AsksForPassword = [(byte)'R', 0, 0, 0, 8, 0, 0, 0, 3];

    private readonly TemporaryFolder _folder = new();
    private readonly LoopThread _loop = new();
    private readonly OutsideProofs _outside;

    public PamMethodTests()
    {
        _outside = new OutsideProofs(_loop.Logger);
        string script = _folder.Write("ask.sh", AsksScript);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _folder.Write("permit", "auth required pam_permit.so\naccount required pam_permit.so\n");
        _folder.Write("deny", "auth required pam_deny.so\naccount required pam_permit.so\n");
        _folder.Write("expired", "auth required pam_permit.so\naccount required pam_deny.so\n");
        _folder.Write("broken", "auth required pam_no_such_module.so\n");
        _folder.Write("asks", $"auth required pam_exec.so quiet expose_authtok {script}\naccount required pam_permit.so\n");

        // To whoever is on its list it gives the name of the first there, as for anonymous FTP, and takes any password.
        _folder.Write("changes", "auth required pam_ftp.so users=mallory,alice\naccount required pam_permit.so\n");
        _folder.Write("keeps", "auth required pam_ftp.so users=alice,mallory\naccount required pam_permit.so\n");
        _folder.Write("other", "auth required pam_deny.so\naccount required pam_deny.so\n");
    }

    public void Dispose()
    {
        _loop.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("permit", "whatever", null)]
    [InlineData("deny", "whatever", "wrong_password")]
    [InlineData("expired", "whatever", "pam_account")]
    [InlineData("asks", "right", null)]
    [InlineData("asks", "wrong", "pam_refused")]
    [InlineData("permit", "", "empty_password")]
    [InlineData("no_such_service", "whatever", "wrong_password")]
    public async Task A_service_decides_by_user_password_and_address(string service, string password, string? reason)
    {
        LoginResult result = await RunAsync(service, password);
        Assert.Equal(reason, result.Reason);
        Assert.Equal(reason is null ? "alice" : "", result.Role);
        Assert.Equal(reason is null ? null : "28P01", result.Error?.SqlState);
        Assert.False(result.IsNoFailure);
    }

    [Fact]
    public async Task A_service_that_cannot_work_is_the_operators_fault_and_lets_nobody_in()
    {
        LoginResult result = await RunAsync("broken", "secret-word");
        Assert.Equal(("pam_unavailable", true, "28P01"), (result.Reason, result.IsNoFailure, result.Error?.SqlState));
        Assert.Contains("pam: broken: ", Assert.Single(_loop.Logger.Entries).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-word", _loop.Logger.Entries.Single().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_module_that_puts_another_user_in_the_place_of_the_one_who_logs_in_lets_nobody_in()
    {
        LoginResult result = await RunAsync("changes", "alice@example.com");
        Assert.Equal(("pam_user_changed", false, "28P01"), (result.Reason, result.IsNoFailure, result.Error?.SqlState));
        Assert.Contains("pam: changes: a module has put another user in the place", Assert.Single(_loop.Logger.Entries).Text, StringComparison.Ordinal);
        Assert.Null((await RunAsync("keeps", "alice@example.com")).Reason);
    }

    private async Task<LoginResult> RunAsync(string service, string password)
    {
        using var pair = SocketPair.Open(_loop, startsReading: false);
        var users = new UserDirectory([], new ProxySettings());
        Task<LoginResult> login = _loop.RunAsync(async () =>
        {
            using var channel = new ColdChannel(pair.Connection);
            return await new PamMethod(users, new PamService(service, _folder.Path), _outside).RunAsync(new LoginExchange(channel, "alice", "app", isConsole: false));
        });
        Assert.Equal(AsksForPassword, pair.ReadAtPeer(AsksForPassword.Length));
        byte[] text = Encoding.UTF8.GetBytes(password);
        pair.Peer.Send([(byte)'p', 0, 0, 0, (byte)(text.Length + 5), .. text, 0]);
        return await login;
    }
}
