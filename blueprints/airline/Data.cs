using System;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Packs.Airline;

public static class Data
{
    public static void Make(DataMaker make)
    {
        make.Add("users", "kim_berg_1", Json.Map(("name", Json.Map(("first_name", "Kim"), ("last_name", "Berg")))));
    }
}
