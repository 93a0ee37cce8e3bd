using System.Collections.Immutable;

namespace ConvoSynth.Verification.Language;

/// <summary>
/// The words of one language for yes, no and a few related signals, in the spelling of <see cref="SpokenText.Padded"/>: lower case, no
/// apostrophes, accents kept. Where people omit accents, the bare form stands beside it.
/// </summary>
internal sealed record Cues
{
    public required string Language { get; init; }

    /// <summary>Common words that identify the language; a word that two languages share counts for both.</summary>
    public required string[] Common { get; init; }

    /// <summary>A yes, whatever precedes it.</summary>
    public required string[] Yes { get; init; }

    /// <summary>A yes unless a word of <see cref="Negating"/> precedes it.</summary>
    public required string[] GoAhead { get; init; }

    /// <summary>A yes or mere politeness.</summary>
    public required string[] Weak { get; init; }

    /// <summary>A no at the beginning of a message.</summary>
    public required string[] No { get; init; }

    /// <summary>Words after a no that make it harmless: "no longer", "no problem".</summary>
    public required string[] NotANo { get; init; }

    /// <summary>Calls an act off, anywhere in the message.</summary>
    public required string[] CallOff { get; init; }

    public required string[] Negating { get; init; }

    /// <summary>Makes a yes conditional.</summary>
    public required string[] Condition { get; init; }

    /// <summary>Asks for a go-ahead, even without a question mark.</summary>
    public required string[] AsksForYes { get; init; }

    /// <summary>Asks for further wishes, so that a no refuses nothing.</summary>
    public required string[] AnythingElse { get; init; }

    public required string[] DoesNotKnow { get; init; }

    /// <summary>Refers to the present value: "the original payment method".</summary>
    public required string[] Same { get; init; }

    // csharpier-ignore - a table of words is read by rows
    public static ImmutableArray<Cues> All { get; } =
    [
        new()
        {
            Language = "en",
            Common =
            [
                "the", "and", "to", "of", "is", "it", "that", "for", "with", "my", "i", "you", "please", "this", "what", "can", "would",
                "im", "id", "are", "have", "yes", "go", "ahead", "thanks", "thank", "on", "not", "do", "just", "me", "but", "was", "in",
                "at", "be", "will", "from"
            ],
            Yes =
            [
                "yes", "yeah", "yep", "yup", "yea", "absolutely", "definitely", "certainly", "of course", "i confirm", "confirmed",
                "please do", "by all means", "lets do it", "affirmative", "you may", "you can go"
            ],
            GoAhead =
            [
                "go ahead", "proceed", "do it", "confirm", "correct", "thats right", "that is right", "sounds good", "sounds right",
                "sounds great", "sounds perfect", "sounds fine", "looks good", "looks right",
                "looks perfect", "looks fine", "that works", "works for me", "thats fine", "that is fine", "good to go", "go for it",
                "agreed", "i agree", "i approve", "approve it", "do that", "make the change", "make that change", "make these changes",
                "make those changes", "book it", "process it", "just do", "lets do", "lets go", "do these", "thats perfect",
                "that is perfect", "spot on", "right ahead",
            ],
            Weak = ["ok", "okay", "sure", "fine", "perfect", "great", "alright", "all right", "good", "right", "thats it"],
            No = ["no", "nope", "nah"],
            NotANo =
            [
                "longer", "problem", "problems", "worries", "worry", "doubt", "other", "more", "further", "changes", "need", "issue",
                "one", "idea", "matter"
            ],
            CallOff =
            [
                "please dont", "please do not", "not ready", "let me think", "dont do", "do not do", "dont proceed", "do not proceed",
                "dont go", "do not go", "dont change", "do not change", "never mind", "nevermind", "forget it", "leave it as it is",
                "leave it as is", "changed my mind", "not yet", "hold off", "call it off", "id rather not", "i would rather not",
                "would not be great", "would not be good", "not sound good", "not what i want", "not exactly it", "not perfect"
            ],
            Negating = ["not", "dont", "isnt", "doesnt", "arent", "wont", "cant", "cannot", "never", "didnt", "without"],
            Condition =
            [
                "unless", "only if", "provided that", "provided you", "provided it", "as long as", "wait", "hold on", "before you do",
                "before you proceed", "but first", "if yes", "if so", "if possible", "if not"
            ],
            AsksForYes =
            [
                "shall i", "may i", "should i", "would you like me", "do you want", "would you like to", "please confirm",
                "do you confirm", "confirm", "is that correct", "is this correct", "is that right", "go ahead", "proceed", "say yes",
                "reply yes",
                "yes no", "if you agree", "ok to", "okay to", "let me know if",
            ],
            AnythingElse =
            [
                "anything else", "something else", "any other", "anything more", "any more", "any further", "anything further",
                "any additional", "what else"
            ],
            DoesNotKnow =
            [
                "dont know", "do not know", "dont remember", "do not remember", "cant remember", "cannot remember", "dont recall",
                "do not recall", "cant recall", "no idea", "not sure what", "dont have that", "do not have that", "dont have it", "forgot"
            ],
            Same = ["original", "same", "existing", "current", "on file"],
        },
        new()
        {
            Language = "fr",
            Common =
            [
                "le", "la", "les", "et", "de", "des", "un", "une", "je", "vous", "est", "pour", "que", "pas", "avec", "mon", "ma",
                "plaît", "plait", "s", "il", "ça", "merci", "oui", "bonjour", "allez", "en", "du", "au", "annulez"
            ],
            Yes =
            [
                "oui", "ouais", "bien sûr", "bien sur", "absolument", "certainement", "je confirme", "volontiers", "tout à fait",
                "tout a fait"
            ],
            GoAhead =
            [
                "allez y", "allez", "vas y", "daccord", "cest bon", "cest correct", "cest exact", "cest ça", "cest ca", "parfait",
                "faites le", "procédez", "procedez", "confirmez", "cela me convient", "ça me va", "ca me va", "ça marche"
            ],
            Weak = ["ok", "bien", "entendu", "très bien", "tres bien"],
            No = ["non", "nan"],
            NotANo = ["plus"],
            CallOff =
            [
                "ne faites pas", "ne le faites pas", "laissez tomber", "jai changé davis", "jai change davis", "pas encore",
                "nannulez pas", "ne changez rien"
            ],
            Negating = ["pas", "ne", "jamais", "sans"],
            Condition = ["sauf si", "à condition", "a condition", "attendez", "seulement si", "mais dabord"],
            AsksForYes = ["souhaitez vous", "voulez vous", "dois je", "puis je", "confirmez", "est ce correct", "daccord"],
            AnythingElse = ["autre chose", "dautre", "dautres"],
            DoesNotKnow =
            [
                "je ne sais pas", "je sais pas", "je ne me souviens pas", "je ne men souviens pas", "aucune idée", "aucune idee",
                "jai oublié", "jai oublie"
            ],
            Same = ["original", "initial", "même", "meme", "actuel", "dorigine"],
        },
        new()
        {
            Language = "es",
            Common =
            [
                "el", "la", "los", "las", "y", "de", "que", "es", "por", "favor", "con", "mi", "una", "para", "gracias", "sí", "hola",
                "quiero", "está", "en", "lo", "del", "usted", "adelante"
            ],
            Yes = ["sí", "si", "claro", "por supuesto", "desde luego", "confirmo", "lo confirmo"],
            GoAhead =
            [
                "adelante", "de acuerdo", "correcto", "está bien", "esta bien", "es correcto", "hágalo", "hagalo", "hazlo", "proceda",
                "procede", "perfecto", "me parece bien", "continúe", "continue", "así es", "asi es", "exacto"
            ],
            Weak = ["vale", "bueno", "bien", "ok", "okay"],
            No = ["no"],
            NotANo = ["hay problema", "pasa nada", "más", "mas", "necesito más"],
            CallOff =
            [
                "no lo haga", "no lo hagas", "déjelo", "dejelo", "olvídelo", "olvidelo", "he cambiado de opinión",
                "he cambiado de opinion", "todavía no", "todavia no", "no proceda"
            ],
            Negating = ["no", "nunca", "sin", "tampoco"],
            Condition = ["a menos que", "solo si", "sólo si", "siempre que", "espere", "pero primero", "pero antes"],
            AsksForYes = ["desea", "quiere que", "confirma", "procedo", "es correcto", "está de acuerdo", "puedo"],
            AnythingElse = ["algo más", "algo mas", "alguna otra", "otra cosa"],
            DoesNotKnow = ["no lo sé", "no lo se", "no sé", "no recuerdo", "no me acuerdo", "ni idea", "lo olvidé", "lo olvide"],
            Same = ["original", "mismo", "misma", "actual"],
        },
        new()
        {
            Language = "de",
            Common =
            [
                "der", "die", "das", "und", "ist", "ich", "sie", "bitte", "nicht", "ein", "eine", "mit", "für", "fuer", "mein", "meine",
                "danke", "ja", "auf", "zu", "den", "hallo", "möchte", "es"
            ],
            Yes =
            [
                "ja", "jawohl", "natürlich", "natuerlich", "selbstverständlich", "selbstverstaendlich", "gerne", "auf jeden fall",
                "ich bestätige", "ich bestaetige"
            ],
            GoAhead =
            [
                "einverstanden", "genau", "stimmt", "richtig", "in ordnung", "passt", "machen sie das", "machen sie es", "mach das",
                "tun sie das", "so machen", "das ist korrekt", "korrekt", "fahren sie fort", "legen sie los"
            ],
            Weak = ["ok", "okay", "gut", "schön", "schoen", "alles klar", "perfekt", "super"],
            No = ["nein", "nee", "nö"],
            NotANo = ["danke"],
            CallOff =
            [
                "lassen sie das", "lassen sie es", "bitte nicht", "noch nicht", "vergessen sie es", "ich habe es mir anders überlegt",
                "ich habe es mir anders ueberlegt", "doch nicht", "lieber nicht"
            ],
            Negating = ["nicht", "kein", "keine", "nie", "ohne"],
            Condition = ["nur wenn", "es sei denn", "sofern", "moment", "warten sie", "aber zuerst", "aber vorher"],
            AsksForYes =
            [
                "soll ich", "darf ich", "möchten sie", "moechten sie", "wollen sie", "bestätigen", "bestaetigen", "ist das richtig",
                "einverstanden"
            ],
            AnythingElse = ["noch etwas", "sonst noch", "noch was"],
            DoesNotKnow =
            [
                "weiß ich nicht", "weiss ich nicht", "weiß es nicht", "weiss es nicht", "ich weiß nicht", "ich weiss nicht",
                "keine ahnung", "vergessen", "erinnere mich nicht"
            ],
            Same = ["ursprüngliche", "ursprünglichen", "gleiche", "gleichen", "bisherige", "bisherigen", "selbe"],
        },
        new()
        {
            Language = "pt",
            Common =
            [
                "o", "os", "as", "e", "de", "que", "é", "por", "favor", "com", "meu", "minha", "uma", "para", "obrigado", "obrigada",
                "sim", "olá", "não", "nao", "quero", "você", "em", "do", "da"
            ],
            Yes = ["sim", "claro", "com certeza", "confirmo", "pois não"],
            GoAhead =
            [
                "pode fazer", "pode seguir", "pode prosseguir", "prossiga", "faça isso", "faca isso", "está certo", "esta certo",
                "está correto", "esta correto", "correto", "de acordo", "perfeito", "isso mesmo", "vá em frente", "va em frente"
            ],
            Weak = ["ok", "tudo bem", "certo", "bom", "está bem"],
            No = ["não", "nao"],
            NotANo = ["há problema", "ha problema", "mais"],
            CallOff =
            [
                "não faça", "nao faca", "deixe como está", "deixe como esta", "esqueça", "esqueca", "mudei de ideia", "ainda não",
                "ainda nao"
            ],
            Negating = ["não", "nao", "nunca", "sem"],
            Condition = ["a menos que", "só se", "so se", "desde que", "espere", "mas primeiro", "mas antes"],
            AsksForYes = ["deseja", "quer que", "posso", "confirma", "está correto", "prossigo"],
            AnythingElse = ["mais alguma coisa", "algo mais", "outra coisa"],
            DoesNotKnow = ["não sei", "nao sei", "não me lembro", "nao me lembro", "não lembro", "nao lembro", "esqueci"],
            Same = ["original", "mesmo", "mesma", "atual"],
        },
        new()
        {
            Language = "it",
            Common =
            [
                "il", "lo", "gli", "e", "di", "che", "è", "per", "favore", "con", "mio", "mia", "una", "grazie", "sì", "ciao", "vorrei",
                "non", "della", "del", "sono", "prego"
            ],
            Yes = ["sì", "si", "certo", "certamente", "assolutamente", "confermo", "volentieri"],
            GoAhead =
            [
                "va bene", "daccordo", "proceda", "procedi", "corretto", "esatto", "giusto", "perfetto", "faccia pure", "lo faccia",
                "fallo", "vada avanti", "avanti"
            ],
            Weak = ["ok", "bene", "okay", "buono"],
            No = ["no"],
            NotANo = ["problem", "cè problema", "grazie"],
            CallOff = ["non lo faccia", "non farlo", "lasci stare", "lascia stare", "ho cambiato idea", "non ancora", "lasci perdere"],
            Negating = ["non", "mai", "senza"],
            Condition = ["a meno che", "solo se", "purché", "purche", "aspetti", "ma prima"],
            AsksForYes = ["vuole che", "desidera", "posso", "conferma", "è corretto", "procedo", "daccordo"],
            AnythingElse = ["altro", "qualcosaltro"],
            DoesNotKnow = ["non lo so", "non so", "non ricordo", "non mi ricordo", "nessuna idea", "ho dimenticato"],
            Same = ["originale", "stesso", "stessa", "attuale"],
        },
    ];
}
