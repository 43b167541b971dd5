using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PoolProxy.Core.Authentication.Pam;

/// <summary>struct pam_conv: whom PAM's modules ask. They are given the password for every hidden prompt, and nothing else, as by PgBouncer.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly unsafe struct PamConversation
{
    private readonly delegate* unmanaged[Cdecl]<int, Message**, Response**, byte*, int> _function;
    private readonly byte* _password;

    /// <param name="password">Ends with a NUL; has to live as long as this.</param>
    public PamConversation(byte* password)
    {
        _function = &Converse;
        _password = password;
    }

    // The answers are freed by the module that asked: they come from the C library's own memory.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Converse(int count, Message** messages, Response** responses, byte* password)
    {
        if (count is < 1 or > 32 || messages is null || responses is null)
        {
            return LibPam.ConversationError;
        }

        for (var at = 0; at < count; at++)
        {
            // A visible prompt wants something else than the password, which must not be given for it.
            if (messages[at]->Style == LibPam.PromptEchoOn)
            {
                return LibPam.ConversationError;
            }
        }

        var answers = (Response*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(Response));
        for (var at = 0; at < count; at++)
        {
            if (messages[at]->Style == LibPam.PromptEchoOff)
            {
                var length = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(password).Length + 1;
                answers[at].Text = (byte*)NativeMemory.Alloc((nuint)length);
                NativeMemory.Copy(password, answers[at].Text, (nuint)length);
            }
        }

        *responses = answers;
        return LibPam.Success;
    }

    /// <summary>struct pam_message.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        public int Style;
        public byte* Text;
    }

    /// <summary>struct pam_response.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Response
    {
        public byte* Text;
        public int ReturnCode;
    }
}
