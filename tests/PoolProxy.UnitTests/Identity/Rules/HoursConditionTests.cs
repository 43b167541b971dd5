using System.Globalization;
using PoolProxy.Identity.Rules;
using Xunit;

namespace PoolProxy.UnitTests.Identity.Rules;

/// <summary>Hours by the clock on the wall. In Berlin of 2026 it jumps from 02:00 to 03:00 on March 29, and from 03:00 back to 02:00 on October 25, both at 01:00 UTC.</summary>
public class HoursConditionTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    // Saturday, November 21: winter, UTC+1.
    [InlineData("Mon-Fri 08:00-18:00", "2026-11-21T10:00Z", null)]
    [InlineData("Mon-Fri 08:00-18:00", "2026-11-20T06:59Z", null)]
    [InlineData("Mon-Fri 08:00-18:00", "2026-11-20T07:00Z", "2026-11-20T17:00Z")]
    [InlineData("Mon-Fri 08:00-18:00", "2026-11-20T16:59Z", "2026-11-20T17:00Z")]
    [InlineData("Mon-Fri 08:00-18:00", "2026-11-20T17:00Z", null)]
    // The same in summer, UTC+2.
    [InlineData("Mon-Fri 08:00-18:00", "2026-07-17T06:00Z", "2026-07-17T16:00Z")]
    [InlineData("Mon-Fri 08:00-18:00", "2026-07-17T05:59Z", null)]
    // Over midnight: the hours belong to the day they begin on.
    [InlineData("Fri 22:00-06:00", "2026-11-20T21:00Z", "2026-11-21T05:00Z")]
    [InlineData("Fri 22:00-06:00", "2026-11-21T04:59Z", "2026-11-21T05:00Z")]
    [InlineData("Fri 22:00-06:00", "2026-11-21T21:00Z", null)]
    [InlineData("Fri 22:00-06:00", "2026-11-20T04:00Z", null)]
    [InlineData("22:00-06:00", "2026-11-20T04:00Z", "2026-11-20T05:00Z")]
    // Round the week's end.
    [InlineData("Sat-Mon 10:00-11:00", "2026-11-22T09:30Z", "2026-11-22T10:00Z")]
    [InlineData("Sat-Mon 10:00-11:00", "2026-11-24T09:30Z", null)]
    [InlineData("Mon,Sat 10:00-11:00", "2026-11-21T09:30Z", "2026-11-21T10:00Z")]
    [InlineData("Mon,Sat 10:00-11:00", "2026-11-22T09:30Z", null)]
    // A whole day, of 23 and of 25 hours.
    [InlineData("Sun 00:00-24:00", "2026-03-28T23:00Z", "2026-03-29T22:00Z")]
    [InlineData("Sun 00:00-24:00", "2026-10-24T22:00Z", "2026-10-25T23:00Z")]
    // The gap: 02:30 does not come, so it is the moment of the jump.
    [InlineData("Sun 02:30-05:00", "2026-03-29T00:59:59Z", null)]
    [InlineData("Sun 02:30-05:00", "2026-03-29T01:00Z", "2026-03-29T03:00Z")]
    [InlineData("Sun 00:00-02:30", "2026-03-29T00:59Z", "2026-03-29T01:00Z")]
    [InlineData("Sun 00:00-02:30", "2026-03-29T01:00Z", null)]
    // The gap holds beginning and end: nothing is left.
    [InlineData("Sun 02:10-02:50", "2026-03-29T01:00Z", null)]
    // The fold: 02:30 comes twice, and the first counts.
    [InlineData("Sun 01:00-02:30", "2026-10-25T00:29Z", "2026-10-25T00:30Z")]
    [InlineData("Sun 01:00-02:30", "2026-10-25T01:10Z", null)]
    [InlineData("Sun 02:30-05:00", "2026-10-25T00:29Z", null)]
    [InlineData("Sun 02:30-05:00", "2026-10-25T00:30Z", "2026-10-25T04:00Z")]
    [InlineData("Sun 02:30-05:00", "2026-10-25T01:10Z", "2026-10-25T04:00Z")]
    public void Hours_begin_and_end_by_the_clock_of_the_zone(string hours, string now, string? end) => Assert.Equal(end is null ? null : At(end), EndOf(Berlin, now, hours));

    [Fact]
    public void Stretches_that_join_end_together()
    {
        Assert.Equal(At("2026-11-21T05:00Z"), EndOf(Berlin, "2026-11-20T22:00Z", "Fri 22:00-24:00", "Sat 00:00-06:00"));
        Assert.Equal(At("2026-11-20T23:00Z"), EndOf(Berlin, "2026-11-16T12:00Z", "Mon-Fri 00:00-24:00"));
        Assert.Equal(At("2026-11-20T17:00Z"), EndOf(Berlin, "2026-11-20T09:00Z", "Fri 08:00-12:00", "Fri 10:00-18:00"));
    }

    [Fact]
    public void Hours_without_a_gap_never_end()
    {
        var always = new HoursCondition(["00:00-24:00"], Berlin);
        var now = new Circumstances(null, At("2026-03-27T12:00Z"));

        Assert.True(always.Holds(Corp.Claims("{}"), in now));
        Assert.Null(always.EndsAt(in now));
    }

    [Fact]
    public void A_zone_that_jumps_at_midnight_begins_its_day_at_the_jump()
    {
        // Beirut, 2026-03-29: from 00:00 (22:00 UTC the day before) to 01:00.
        TimeZoneInfo beirut = TimeZoneInfo.FindSystemTimeZoneById("Asia/Beirut");

        Assert.Null(EndOf(beirut, "2026-03-28T21:59Z", "Sun 00:00-08:00"));
        Assert.Equal(At("2026-03-29T05:00Z"), EndOf(beirut, "2026-03-28T22:00Z", "Sun 00:00-08:00"));
    }

    [Fact]
    public void A_zone_of_a_half_hour_that_jumps_by_one_is_followed()
    {
        // Lord Howe, 2026-04-05: from 02:00 (UTC+11) back to 01:30 (UTC+10:30), at 15:00 UTC the day before.
        TimeZoneInfo lordHowe = TimeZoneInfo.FindSystemTimeZoneById("Australia/Lord_Howe");

        Assert.Equal(At("2026-04-04T14:45Z"), EndOf(lordHowe, "2026-04-04T14:30Z", "Sun 01:00-01:45"));
        Assert.Equal(At("2026-04-04T15:45Z"), EndOf(lordHowe, "2026-04-04T14:30Z", "Sun 01:00-02:15"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Mon")]
    [InlineData("Mon 8:00-18:00")]
    [InlineData("Mon 08:00-24:01")]
    [InlineData("Mon 24:00-08:00")]
    [InlineData("Mon 08:60-09:00")]
    [InlineData("Mon 08:00-08:00")]
    [InlineData("Mon 08:00")]
    [InlineData("Mon 08:00-09:00-10:00")]
    [InlineData("Mon-Tue-Wed 08:00-09:00")]
    [InlineData("Mo 08:00-09:00")]
    [InlineData("Mon, 08:00-09:00")]
    [InlineData("Mon 08:00-09:00 Tue")]
    [InlineData("Mon -1:00-09:00")]
    public void What_is_no_stretch_of_the_week_is_an_argument_fault(string text) =>
        Assert.Throws<ArgumentException>(() => new HoursCondition([text], TimeZoneInfo.Utc));

    [Fact]
    public void Every_moment_of_a_year_is_inside_exactly_while_its_hours_last()
    {
        // The naive clock, minute by minute over both jumps: inside from the first 08:00 to the first 18:00 of each day.
        var condition = new HoursCondition(["08:00-18:00"], Berlin);
        for (DateTimeOffset now = At("2026-03-27T00:00Z"); now < At("2026-03-31T00:00Z"); now = now.AddMinutes(1))
        {
            int hour = TimeZoneInfo.ConvertTime(now, Berlin).Hour;
            Assert.Equal(hour is >= 8 and < 18, condition.Holds(Corp.Claims("{}"), new Circumstances(null, now)));
        }
    }

    private static DateTimeOffset? EndOf(TimeZoneInfo zone, string now, params string[] hours)
    {
        var condition = new HoursCondition(hours, zone);
        var circumstances = new Circumstances(null, At(now));
        DateTimeOffset? end = condition.EndsAt(in circumstances);
        Assert.Equal(end is not null, condition.Holds(Corp.Claims("{}"), in circumstances));
        return end;
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
