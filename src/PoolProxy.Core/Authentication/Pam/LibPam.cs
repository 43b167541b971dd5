using System.Runtime.InteropServices;

namespace PoolProxy.Core.Authentication.Pam;

/// <summary>Linux-PAM's entry points, under their own names. Source: pam(3) and the pages it names. A handle belongs to one thread at a time.</summary>
internal static unsafe partial class LibPam
{
    public const string FileName = "libpam.so.0";

    public const int Success = 0;
    public const int OpenError = 1;
    public const int SymbolError = 2;
    public const int AuthenticationError = 7;
    public const int CredentialsInsufficient = 8;
    public const int InformationUnavailable = 9;
    public const int UserUnknown = 10;
    public const int MaxTries = 11;
    public const int NewPasswordRequired = 12;
    public const int AccountExpired = 13;
    public const int PermissionDenied = 6;
    public const int ConversationError = 19;
    public const int ModuleUnknown = 28;

    public const int ItemUser = 2;
    public const int ItemRemoteHost = 4;
    public const int Silent = 0x8000;

    public const int PromptEchoOff = 1;
    public const int PromptEchoOn = 2;

    [LibraryImport(FileName, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int pam_start(string service, string user, PamConversation* conversation, out nint handle);

    /// <summary>Since Linux-PAM 1.4.</summary>
    [LibraryImport(FileName, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int pam_start_confdir(string service, string user, PamConversation* conversation, string folder, out nint handle);

    [LibraryImport(FileName, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int pam_set_item(nint handle, int item, string value);

    /// <summary>What is found belongs to the handle.</summary>
    [LibraryImport(FileName)]
    public static partial int pam_get_item(nint handle, int item, out nint value);

    [LibraryImport(FileName)]
    public static partial int pam_authenticate(nint handle, int flags);

    [LibraryImport(FileName)]
    public static partial int pam_acct_mgmt(nint handle, int flags);

    [LibraryImport(FileName)]
    public static partial int pam_end(nint handle, int status);

    [LibraryImport(FileName)]
    public static partial nint pam_strerror(nint handle, int code);

    /// <summary>Whether the library is installed.</summary>
    public static bool IsInstalled => NativeLibrary.TryLoad(FileName, out _);
}
