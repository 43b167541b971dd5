using System.Runtime.InteropServices;
using PoolProxy.Core.Authentication.Outside;

namespace PoolProxy.Core.Authentication.Pam;

/// <summary>A service of the machine's PAM. Blocks for as long as its modules like: they may sleep after a wrong password, or ask the network.</summary>
/// <param name="service">The name of its file in /etc/pam.d.</param>
/// <param name="folder">Another folder than that; null for none: for tests, which leave the machine's services alone.</param>
internal sealed unsafe class PamService(string service, string? folder = null)
{
    /// <summary>As PgBouncer's.</summary>
    public const string UsualName = "pgbouncer";

    private const string Unavailable = "pam_unavailable";

    /// <summary>Whether the password is the user's, and whether the account may be used now (pam_acct_mgmt).</summary>
    public OutsideAnswer Check(string user, ReadOnlySpan<byte> password, string remoteHost)
    {
        var secret = (byte*)NativeMemory.AllocZeroed((nuint)password.Length + 1);
        password.CopyTo(new Span<byte>(secret, password.Length));
        try
        {
            return Ask(user, secret, remoteHost);
        }
        finally
        {
            NativeMemory.Clear(secret, (nuint)password.Length);
            NativeMemory.Free(secret);
        }
    }

    private OutsideAnswer Ask(string user, byte* secret, string remoteHost)
    {
        var conversation = new PamConversation(secret);
        var code = folder is null
            ? LibPam.pam_start(service, user, &conversation, out var handle)
            : LibPam.pam_start_confdir(service, user, &conversation, folder, out handle);
        if (code != LibPam.Success)
        {
            return OutsideAnswer.Unavailable(Unavailable, $"{service}: {Describe(0, code)}");
        }

        try
        {
            code = LibPam.pam_set_item(handle, LibPam.ItemRemoteHost, remoteHost);
            if (code != LibPam.Success)
            {
                return OutsideAnswer.Unavailable(Unavailable, $"{service}: {Describe(handle, code)}");
            }

            code = LibPam.pam_authenticate(handle, LibPam.Silent);
            if (code != LibPam.Success)
            {
                return Refusal(handle, code, "wrong_password");
            }

            code = LibPam.pam_acct_mgmt(handle, LibPam.Silent);
            return code != LibPam.Success ? Refusal(handle, code, "pam_account")
                : IsStill(user, handle) ? OutsideAnswer.Proven
                : OutsideAnswer.Refused("pam_user_changed", $"{service}: a module has put another user in the place of the one who logs in");
        }
        finally
        {
            _ = LibPam.pam_end(handle, code);
        }
    }

    // A module may change whom it is about: then the password is somebody else's.
    private static bool IsStill(string user, nint handle) =>
        LibPam.pam_get_item(handle, LibPam.ItemUser, out var found) == LibPam.Success && Marshal.PtrToStringUTF8(found) == user;

    private OutsideAnswer Refusal(nint handle, int code, string reason) => code switch
    {
        LibPam.AuthenticationError or LibPam.UserUnknown or LibPam.MaxTries or LibPam.PermissionDenied or LibPam.CredentialsInsufficient
            or LibPam.AccountExpired or LibPam.NewPasswordRequired => OutsideAnswer.Refused(reason),
        LibPam.OpenError or LibPam.SymbolError or LibPam.InformationUnavailable or LibPam.ModuleUnknown => OutsideAnswer.Unavailable(Unavailable, $"{service}: {Describe(handle, code)}"),

        // What else there is may be a module's way to say no: pam_exec's is a system error. So it counts against the client.
        _ => OutsideAnswer.Refused("pam_refused", $"{service}: {Describe(handle, code)}"),
    };

    private static string Describe(nint handle, int code) => Marshal.PtrToStringUTF8(LibPam.pam_strerror(handle, code)) ?? $"error {code}";
}
