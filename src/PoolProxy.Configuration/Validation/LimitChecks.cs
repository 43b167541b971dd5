using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Validation;

/// <summary>Bans that could not grow.</summary>
internal static class LimitChecks
{
    public static void Check(LimitSettings limits, Findings findings)
    {
        if (limits.BanTimeMax < limits.BanTime)
            findings.Add("ban_time_max is shorter than ban_time", "The first ban lasts ban_time, and none lasts longer than ban_time_max.", "limits", "ban_time_max");
    }
}
