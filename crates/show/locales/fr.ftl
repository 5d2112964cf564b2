# Ce que Vigie dit aux personnes, en français. en.ftl a les mêmes clés et les mêmes variables.
# Les heures sont en UTC ; les nombres arrivent déjà écrits dans la langue.

## Les quatre états

state-blind = AVEUGLE
state-clear = RIEN TROUVÉ, sous réserve
state-watch = À SURVEILLER
state-act = AGIR

## La première ligne

glance-blind = On ne sait pas : { $why }. Cela ne veut pas dire qu’il n’y a rien.
glance-clear = Écoute pendant { $heard }. Risque d’avoir manqué un traceur : au plus { $miss } ({ $basis }), pour { $classes }.
glance-watch = { $count ->
    [one] Un appareil voyage peut-être avec vous, ce n’est pas encore sûr ({ $probability }).
   *[other] { $count } appareils voyagent peut-être avec vous, ce n’est pas encore sûr (au plus { $probability }).
}
glance-act = { $count ->
    [one] Un appareil voyage avec vous (probabilité { $probability }).
   *[other] { $count } appareils voyagent avec vous (probabilité la plus haute { $probability }).
}
glance-act-ours = { $count ->
    [one] Un appareil voyage avec vous ; c’est peut-être le vôtre (probabilité { $probability }).
   *[other] { $count } appareils voyagent avec vous ; ce sont peut-être les vôtres (probabilité la plus haute { $probability }).
}
glance-clones = { $count ->
    [one] Un traceur qui change sans cesse d’adresse voyage avec vous (probabilité { $probability }).
   *[other] { $count } traceurs qui changent sans cesse d’adresse voyagent avec vous (probabilité la plus haute { $probability }).
}
where-vehicle = Dans le véhicule { $vehicle } ({ $probability }).
where-pair = Dans le véhicule { $first } ou { $second } ({ $probability }).
where-one_sensor = Un seul capteur : on ne sait pas dans quel véhicule.
where-undecided = On ne sait pas encore dans quel véhicule.
where-person = Sur vous, dans vos sacs, dans votre véhicule ou sur quelqu’un à côté de vous.
glance-interrupted = L’analyse a été arrêtée avant la fin : ceci ne couvre que ce qui était déjà lu.
glance-no_summary = L’analyse s’est arrêtée sans bilan : considérez que l’on ne sait pas.
clear-without_basis = rien n’a été trouvé, mais aucun chiffre ne dit si c’est sûr

## Titres

heading-blind = Pourquoi on ne peut rien dire
heading-limits = Ce que ce résultat ne couvre pas
heading-clear = Sur quoi repose « rien trouvé »
heading-departure = Avant le départ
heading-alerts = Voyage avec vous ({ $count })
heading-clones = Voyage avec vous et change sans cesse d’adresse ({ $count })
clones-note = On ne peut suivre aucune de ses adresses : il se reconnaît à la façon dont elles commencent et finissent à un même niveau. La probabilité repose sur une simulation.
clone-title = Un traceur qui change sans cesse d’adresse : { $what }
clone-times = Compté depuis { $since }. Alerte { $at }, { $after } plus tard, après { $count ->
    [one] une adresse.
   *[other] { $count } adresses.
}
clone-how_sure = Probabilité { $probability } : indices { $llr } nats ({ $analyzer }), sur une chance de { $prior } par heure et par véhicule au départ.
heading-ours = Probablement vos propres appareils, à vérifier ({ $count })
heading-ours-note = Ils ressemblent à la nouvelle adresse d’un appareil qui était déjà avec vous. C’est une supposition : un traceur caché peut avoir la même allure. Chacun reste une alerte tant que vous n’avez pas retrouvé l’appareil.
heading-watch = Bientôt une alerte, peut-être ({ $count })
heading-heard = Ce qui a été entendu
heading-cannot_exclude = Ce que cet enregistrement ne peut jamais exclure
heading-advice = Que faire maintenant
heading-notices = À noter

## Une alerte

alert-title = { $emitter } : { $what }
alert-title-state = { $emitter } : { $what }, { $state }
alert-unknown_kind = type d’appareil inconnu
alert-identifiers = { $count ->
    [one] Identifiant : { $list }
   *[other] Identifiants : { $list }
}
alert-identifiers-more = { $list } et { $count } de plus
alert-times = Entendu pour la première fois le { $first }. Alerte le { $at }, soit { $after } après.
alert-last_heard = Entendu pour la dernière fois le { $last }, { $count ->
    [one] { $count } réception
   *[other] { $count } réceptions
} en tout.
alert-probability = Probabilité qu’il voyage avec vous : { $probability }.
alerts-capped = On n’affiche jamais plus de { $cap } tant que vos propres appareils ne sont pas déclarés.
alert-evidence = Indices : ce qui a été entendu est { $times } plus probable s’il voyage avec vous que s’il ne fait que passer ({ $llr } nats, { $analyzer }).
alert-evidence-against = Indices : ce qui a été entendu est { $times } moins probable s’il voyage avec vous que s’il ne fait que passer ({ $llr } nats, { $analyzer }).
alert-prior = Point de départ : { $prior }, selon le niveau de menace { $threat }.
alerts-note = Les indices sont ce qui a été entendu ; le point de départ est ce que l’on croyait probable avant. Le niveau de menace ne change que le point de départ, jamais les indices.
alert-level = Reçu à { $level } dBm par le capteur qui l’entend le mieux.
alert-vehicle = Véhicule : { $vehicle } ({ $probability }).
alert-vehicle-pair = Véhicule : { $first } ou { $second } ({ $probability } que ce soit l’un des deux).
alert-outside = Dans aucun de vos véhicules, mais à côté, derrière ou devant : { $probability }.
alert-vehicle-one_sensor = Véhicule : inconnu, il n’y a qu’un capteur.
alert-vehicle-undecided = Véhicule : pas encore établi.
alert-for = Ce qui va dans ce sens
alert-against = Ce qui va contre
alert-against-none = Rien de ce qui a été mesuré ne va contre. Ce n’est pas une certitude.
alert-since = Depuis le { $at } : { $verdict }, probabilité { $probability }.
alert-do = Si vous le trouvez, ne le jetez pas : photographiez-le sur place, laissez-le là, appelez de l’aide.
alert-do-vehicle = Commencez la fouille par { $vehicle }. Si vous le trouvez : photographiez-le, laissez-le là, appelez de l’aide.
alert-do-pair = Faites fouiller d’abord { $first } et { $second }. Pour les départager, roulez 60 s avec plus de 15 m entre les véhicules et regardez à nouveau. Si vous le trouvez : photographiez-le, laissez-le là, appelez de l’aide.
alert-do-ours = Comparez-le avec votre téléphone, votre montre, vos écouteurs, vos clés et votre voiture. Si rien ne correspond, traitez-le comme les autres.
alert-clone_signs = Signes faibles d’un traceur fait maison : { $list }.
live-place = { $line }, véhicule { $vehicle } ({ $probability })
live-pair = { $line }, véhicule { $first } ou { $second } ({ $probability })
live-update = { $at }  { $emitter } : { $verdict }, probabilité { $probability }
live-state = { $at }  { $state }
live-notice = { $at }  { $text }
watch-begins = Vigie écoute : { $sensors }. Elle n’émet rien. Enregistrement dans { $case }. On ne sait encore rien.
watch-figures = Reçu : { $packets } paquets, dont { $unrecorded } non enregistrés. De la réception au jugement : la moitié en moins de { $half } ms, 99 % en moins de { $most } ms, au plus { $longest } ms.
watch-alarm-waits = Canal d’alarme { $channel } : { $waiting } messages n’ont pas encore pu être livrés. Ils sont conservés. Vérifiez le serveur ; « vigie alarm state » dit pourquoi.
live-alert = { $at }  { $state }  { $emitter } : { $what }, probabilité { $probability }
live-clone = { $at }  { $state }  traceur qui change sans cesse d’adresse : { $what }, probabilité { $probability }

times-about = environ { $times } fois
times-million = plus d’un million de fois

## Conclusions

verdict-aboard = dans ou sur l’un de vos véhicules
verdict-travelling_with_us = voyage avec vous ; on ne sait pas s’il est à bord, à côté ou derrière
verdict-passing = était près de vous et n’y est plus
verdict-fixed = reste à un endroit où vous êtes passé
verdict-enrolled = déclaré comme vôtre
verdict-probably_ours = probablement l’un de vos appareils sous une nouvelle adresse
verdict-undecided = pas assez entendu

## Familles de traceurs et leurs états

family-apple_find_my = Apple Localiser (AirTag ou compatible)
family-google_find_hub = traceur Google Localiser (Find Hub)
family-smartthings_find = Samsung SmartThings Find (SmartTag ou appareil Galaxy)
family-tile = Tile
family-chipolo = Chipolo
family-pebblebee = Pebblebee
family-dult = traceur au format commun DULT
device_state-separated = loin de son propriétaire
device_state-near_owner = indique que son propriétaire est proche
device_state-unpaired = associé à personne

model-airtag = AirTag
model-airpods = AirPods
model-licensed_accessory = traceur ou accessoire d’une autre marque dans le réseau d’Apple
model-apple_device = téléphone, tablette ou ordinateur Apple déclaré perdu

clone_sign-not_connectable = refuse les connexions
clone_sign-not_private_address = adresse qui n’est pas du type privé
clone_sign-not_static_address = adresse qui n’est pas du type aléatoire fixe
clone_sign-hint_zero = champ « hint » nul
clone_sign-status_zero = champ d’état nul
clone_sign-flags_not_hashed = indicateurs non masqués, contrairement à la règle

## Raisons

reason-turnover = Les personnes et les appareils autour de vous ont été entièrement remplacés { $value } fois ; celui-ci est resté.
reason-displacement = Vous avez parcouru { $metres } pendant qu’il était avec vous.
reason-contact = Il est resté avec vous pendant { $duration }.
reason-level_above_strangers = Il est reçu { $value } dB plus fort que les appareils inconnus à leur arrivée.
reason-level_above_strangers-less = Il est reçu { $value } dB plus faible que les appareils inconnus à leur arrivée.
reason-level = Il est reçu à { $value } dBm en moyenne.
reason-against_roadside = Par rapport à un appareil au bord de la route ou sur un passant : { $times } plus probable qu’il voyage avec vous.
reason-against_roadside-less = Par rapport à un appareil au bord de la route ou sur un passant : { $times } moins probable qu’il voyage avec vous.
reason-against_stream = Par rapport à un véhicule dans la même circulation : { $times } plus probable qu’il voyage avec vous.
reason-against_stream-less = Par rapport à un véhicule dans la même circulation : { $times } moins probable qu’il voyage avec vous.
reason-against_platoon = Par rapport à un véhicule qui garde sa distance avec vous : { $times } plus probable qu’il voyage avec vous.
reason-against_platoon-less = Par rapport à un véhicule qui garde sa distance avec vous : { $times } moins probable qu’il voyage avec vous.
reason-turns = Il a pris les mêmes virages que vous ({ $value }).
reason-no_positions = L’enregistrement n’a pas de positions : rien ne confirme que vous vous êtes déplacé.
reason-not_moved = Vous n’avez parcouru que { $metres } : trop peu pour ce test.
reason-one_place = Il n’a été entendu qu’à cet endroit.
reason-fellow_traveller = Quelqu’un qui voyage à côté de vous, quelqu’un qui vous suit ou un de vos propres appareils donnerait le même résultat.
reason-successor = Il est apparu { $duration } après qu’un appareil bien reçu, qui était avec vous, s’est tu : c’est peut-être le même sous une nouvelle adresse.
reason-linked = Il prolonge { $value } adresses antérieures, l’une après l’autre : c’est peut-être le même appareil, mais pas nécessairement.
reason-carried_evidence = Des indices réunis sur celles-ci, { $value } nats lui sont comptés.
reason-loud_once = { $value } adresses bien reçues ont été entendues une seule fois chacune ; votre entourage en produit peu.
reason-places = Elles vous ont suivi sur { $value } étapes de 75 m.
reason-near_owner = Ses trames indiquent que son propriétaire est proche. Ce propriétaire peut être vous, ou la personne qui vous suit.
reason-keys_heard_once = { $value } adresses de traceurs sont arrivées l’une après l’autre à un même niveau, chacune entendue une fois et plus jamais. Un traceur qui garde son adresse est réentendu.
reason-keys_loud_throughout = { $value } adresses de traceurs ont commencé bien reçues et fini de même, l’une après l’autre. Ce qui passe arrive et repart en s’affaiblissant.
reason-level_occupied = Pendant { $duration }, il y a toujours eu un traceur à un même niveau, avec des adresses toujours nouvelles.
reason-many_tags_around = Beaucoup de traceurs passent ici ({ $value } par heure) : les alentours peuvent donner le même résultat par hasard.
reason-clone_signs = Il montre des signes faibles d’un traceur fait maison ({ $value }).
reason-copied_address = Il utilise l’adresse d’un de vos appareils enregistrés, mais n’est pas cet appareil : quelqu’un a peut-être copié l’adresse pour se cacher.
reason-level_by_vehicle = Au véhicule où il s’entend le plus fort, il s’entend { $value } dB plus fort qu’à tous les autres.
reason-changed_vehicle = Pendant { $duration }, il était dans un autre de vos véhicules : une personne ou un sac le porte.
reason-family_unknown = L’enregistrement ne montre pas de quel type d’appareil il s’agit ; tous les types sont jugés de la même façon.

## Avant le départ

departure-newcomer = { $vehicle } : { $count ->
    [one] un appareil nouveau et bien reçu
   *[other] { $count } appareils nouveaux et bien reçus
} ({ $list }). Fouillez ici avant de partir.
departure-nothing_new = { $vehicle } : rien de nouveau n’est bien reçu ici ({ $checked } d’écoute). Ce qui est éteint, muet ou faible n’est pas exclu.
departure-blind-short = { $vehicle } : on ne sait pas, seulement { $checked } d’écoute. Écoutez une minute.
departure-blind-parked = { $vehicle } : on ne sait pas ce qui est nouveau : on n’a pas enregistré qui était là à l’arrivée. Rien n’est bien reçu ici à présent.
departure-blind-loud = { $vehicle } : on ne sait pas ce qui est nouveau : on n’a pas enregistré qui était là à l’arrivée. Bien reçu ici à présent : { $list }.
departure-one = { $emitter } { $what } { $identifier }, { $level } dBm, première réception { $first }
departure-parked = Stationné depuis { $parked }, réponse à { $at }.
departure-answered = Réponse à { $at }.
departure-none = Avant le départ : pas de réponse. Aucun véhicule n’a été vu à l’arrêt, ou aucun n’a été entendu.

## Pourquoi aveugle

blind-heard_too_short = Seulement { $heard } d’écoute. C’est trop peu pour distinguer ce qui reste avec vous de ce qui passe.
    .short = seulement { $heard } d’écoute
blind-crowded = Le trajet a traversé une foule. Beaucoup y restent un moment près de vous, et ce qui est caché dans un véhicule ne s’en distingue pas. Continuez là où il y a moins de monde.
    .short = à travers une foule
blind-no_positions = L’enregistrement n’a pas de positions ; sans elles, ce test ne peut pas savoir si vous vous êtes déplacé.
    .short = pas de positions dans l’enregistrement
blind-parked = Le convoi est à l’arrêt depuis plusieurs minutes : quelque chose a pu y être posé depuis, et seul le roulage le montre.
    .short = à l’arrêt
blind-not_moved_enough = Vous vous êtes trop peu déplacé. Ce qui est posé près de vous et ce qui voyage avec vous se ressemblent.
    .short = vous vous êtes trop peu déplacé
blind-surroundings_did_not_change = Les appareils autour de vous n’ont presque pas changé. On ne peut pas distinguer ce qui reste avec vous de ce qui est toujours là.
    .short = les appareils autour de vous n’ont presque pas changé
blind-no_frames = Aucune trame Bluetooth utilisable n’a été entendue.
    .short = aucune trame utilisable
blind-sensor_deaf = Un capteur n’a rien entendu pendant trop longtemps. Ce qui a été émis alors est perdu.
    .short = un capteur était sourd
blind-damaged_input = Une trop grande partie de l’enregistrement est abîmée.
    .short = l’enregistrement est abîmé
blind-air_full = L’air est si plein que la plupart des trames se perdent, ou un récepteur n’écoute qu’une partie du temps. Un traceur peut être là sans être entendu.
    .short = l’air est plein, la plupart des trames se perdent
blind-sensor_flooded = Un capteur est inondé de trames inventées. On ne peut pas y distinguer les vraies.
    .short = un capteur est inondé
blind-sensor_late = La plupart de ce qu’un capteur entend arrive trop tard pour être mis en ordre.
    .short = les trames d’un capteur arrivent tard
blind-positions_lost = Les positions sont perdues. On ne peut pas distinguer ce qui est posé près de vous de ce qui voyage avec vous.
    .short = les positions sont perdues
blind-where = Cela concerne maintenant : { $names }.
blind-unexplained = La raison n’est pas enregistrée.
    .short = la raison n’est pas enregistrée

## Ce que l’on ne peut jamais exclure

cannot_exclude-switched_off = un traceur éteint ou sans batterie
cannot_exclude-sleeping = un traceur en veille, qui ne se réveille qu’à certaines heures ou quand il bouge
cannot_exclude-cellular = un traceur qui passe par le réseau mobile et non par Bluetooth
cannot_exclude-store_and_forward = un enregistreur GPS que l’on relit plus tard
cannot_exclude-other_radio = un traceur sur une autre radio : LoRa, satellite, Wi-Fi, ultra-large bande, Bluetooth classique
cannot_exclude-shielded = un traceur derrière du métal ou dans une pochette de blindage
cannot_exclude-connected_not_advertising = un traceur connecté à un téléphone proche, qui n’émet alors rien que l’on puisse entendre ici
cannot_exclude-slow_interval = un traceur qui émet trop rarement pour être entendu assez souvent
cannot_exclude-fast_rotation = un traceur qui change d’adresse trop vite pour être suivi
cannot_exclude-fast_rotation_quiet = un traceur qui change vite d’adresse et que l’on reçoit mal
cannot_exclude-extended_only = un traceur qui n’émet qu’en annonces étendues, que ce récepteur n’entend pas
cannot_exclude-passive_receiver_limits = un traceur que ce récepteur a manqué : un téléphone ou un adaptateur simple n’entend qu’une partie de ce qui est émis
cannot_exclude-one_channel = un traceur qui émet sur un canal qui n’a pas été écouté
cannot_exclude-family_unknown = un type précis de traceur : l’enregistrement ne contient pas ce qui les distingue
cannot_exclude-vehicle_without_sensor = un traceur dans un véhicule qui n’a pas de capteur et que les autres n’atteignent pas
cannot_exclude-quieter_than_strangers = un traceur reçu plus faiblement que les appareils d’inconnus

## Que faire maintenant

advice-record_longer = Enregistrez pendant une demi-heure ou plus, en vous déplaçant. Gardez allumés l’écran et le Bluetooth de l’appareil qui enregistre.
    .short = Enregistrez plus longtemps, en vous déplaçant.
advice-record_with_positions = Enregistrez aussi les positions : avec une application qui les garde, ou une trace GPX en même temps.
    .short = Recommencez avec les positions.
advice-move_through_changing_places = Passez par des endroits où les gens autour de vous changent : rues, commerces, gares. N’attendez pas au même endroit.
    .short = Passez par des endroits différents.
advice-check_own_devices = Passez en revue vos appareils et ceux des personnes qui sont avec vous : téléphone, montre, écouteurs, clés, sacs, voiture. Notez lesquels utilisent le Bluetooth.
    .short = Vérifiez vos propres appareils.
advice-drive_an_empty_road = Pour être fixé sur un traceur qui change d’adresse : roulez deux minutes sur une route vide, ou arrêtez-vous trois minutes loin de tout le monde. Ce qui est encore là est chez vous.
    .short = Roulez deux minutes sur une route vide.
advice-search_vehicle = Faites fouiller le véhicule et tous les sacs par quelqu’un qui sait le faire : passages de roue, pare-chocs, dessous des sièges, coffre, boîte à gants, prise de diagnostic, doublures.
    .short = Faites fouiller le véhicule.
advice-do_not_go_home = Ne rentrez pas chez vous, n’allez ni dans un lieu protégé ni dans un foyer : l’appareil en montrerait le chemin. Allez dans un commissariat, une gendarmerie ou un lieu public fréquenté.
    .short = N’allez ni chez vous ni dans un lieu protégé.
advice-keep_device_as_evidence = Si vous trouvez l’appareil, ne le jetez pas, ne le cassez pas, ne l’éteignez pas. Photographiez-le sur place et notez l’heure. Ne le touchez qu’avec des gants. C’est un élément pour l’enquête, et la personne qui l’a posé peut remarquer qu’il se tait.
    .short = Gardez l’appareil pour l’enquête.
advice-call_for_help = Appelez la police ou votre contact de sécurité ; en cas de danger, le 17 ou le 112. Utilisez un téléphone auquel personne d’autre n’a accès.
    .short = Appelez de l’aide.
advice-record_second_time_another_day = Enregistrez une seconde fois, un autre jour et par un autre trajet. Ce qui est encore là n’est pas une rencontre de hasard.
    .short = Recommencez un autre jour.
advice-use_dedicated_receiver = Utilisez un récepteur Bluetooth dédié qui garde les trames brutes. Un téléphone entend moins et en laisse une partie de côté.
    .short = Utilisez un récepteur dédié.
advice-check_damaged_input = Copiez de nouveau l’enregistrement depuis son appareil et comparez les tailles. S’il est encore abîmé, refaites un enregistrement.
    .short = Vérifiez l’enregistrement.

## Sur quoi repose « rien trouvé »

clear-heard = Durée d’écoute : { $heard }.
clear-classes = Auraient été trouvés : { $list }.
clear-miss = Risque que l’un d’eux ait été avec vous tout le temps et ait été manqué : au plus { $miss }. Ce chiffre est { $basis }.
clear-only = Cela ne dit rien des autres types de traceurs.
class-lasting_address_loud = les traceurs qui gardent leur adresse et sont bien reçus
class-changing_address_loud = les traceurs qui changent d’adresse toutes les trente secondes ou plus vite et sont bien reçus
class-lasting_address_quiet = les traceurs qui gardent leur adresse et sont mal reçus
basis-measured = mesuré
basis-simulated = simulé

## Ce qui a été entendu

heard-frames = { $frames ->
    [one] { $frames } trame ou ligne lue
   *[other] { $frames } trames ou lignes lues
}, { $malformed ->
    [0] aucune abîmée.
    [one] dont { $malformed } abîmée ({ $kinds }).
   *[other] dont { $malformed } abîmées ({ $kinds }).
}
heard-kind = { $kind } : { $count }
heard-period = Du { $first } au { $last }.
heard-listened = Durée d’écoute : { $heard } sur { $duration }.
heard-sensors = { $count ->
    [one] Un capteur : { $list }.
   *[other] { $count } capteurs : { $list }.
}
heard-deaf = Le capteur { $sensor } n’a rien entendu pendant { $deaf } : ce qui a été émis alors n’est pas couvert.
heard-deaf-none = Aucun capteur n’a été sourd.
heard-emitters = { $emitters ->
    [one] { $emitters } appareil entendu
   *[other] { $emitters } appareils entendus
} en { $sightings ->
    [one] { $sightings } réception.
   *[other] { $sightings } réceptions.
}
heard-verdict = { $verdict } : { $count }
heard-bystanders = Les appareils des passants sont comptés, pas listés.
heard-travelled = Distance parcourue : { $metres }.
heard-travelled-unknown = Distance parcourue : inconnue, l’enregistrement n’a pas de positions.
heard-late = { $count ->
    [one] Une trame arrivée en retard a été reprise à sa place.
   *[other] { $count } trames arrivées en retard ont été reprises à leur place.
}
heard-settings = Jugé avec le profil { $profile } et le niveau de menace { $threat }.
profile-vehicle = véhicule (vehicle)
profile-on-person = sur la personne (on-person)
threat-low = faible
threat-normal = normal
threat-high = élevé
threat-critical = critique
heard-utc = Toutes les heures sont en UTC. En France, ajoutez 1 h en hiver, 2 h en été.

watch-line = { $emitter } : { $what }, { $list }, probabilité { $probability }, depuis le { $at }
watch-more = { $count ->
    [one] et un de plus (tous sont dans la sortie de --json)
   *[other] et { $count } de plus (tous sont dans la sortie de --json)
}

## Types de dommages

damage-crc = somme de contrôle fausse
damage-wild_time = une heure impossible
damage-truncated = données coupées
damage-length = longueur fausse
damage-extended_header = en-tête étendu illisible
damage-ad_structure = données d’annonce illisibles
damage-reserved = valeur sans signification
damage-hci_length = longueur d’un rapport fausse
damage-address = adresse illisible
damage-impossible_length = longueur impossible
damage-short_packet = paquet trop court
damage-unknown_interface = interface inconnue
damage-unknown_link_type = type de liaison inconnu
damage-no_time = pas d’heure
damage-bad_time = heure illisible
damage-malformed_row = ligne illisible
damage-bad_position = position illisible
damage-bad_checksum = somme de contrôle d’une position fausse
damage-bad_container = archive abîmée
damage-over_limit = plus long que permis
damage-unsupported = type qui n’est pas encore lu

## Remarques

notice-kind-watch = À surveiller
notice-kind-deaf = Capteur sourd
notice-kind-clock = Horloge
notice-kind-fix = Positions
notice-kind-flood = Saturation
notice-kind-newcomer = Avant le départ
notice-kind-clone = Adresse changeante
notice-kind-copied = Adresse copiée
notice-kind-damage = Dommages
notice-kind-sensor = Capteur
notice-kind-state = État
notice-kind-recording = Enregistrement
notice-kind-input = Fichier
notice-when = { $count ->
    [one] (Le { $first }.)
   *[other] ({ $count } fois, la première le { $first }.)
}
notice-often = ({ $count } fois.)
notice-likely = Un appareil est proche d’une alerte ; il figure plus haut s’il l’est encore.
notice-deaf_gap = Un capteur n’a rien entendu pendant { $duration } en tout ({ $sensors }). Pour ce temps, aucun traceur n’est exclu. Vérifiez son alimentation, le Bluetooth et l’économiseur de batterie.
notice-partly_deaf = Un capteur entend bien moins que d’habitude, les autres non ({ $sensors }). Des traceurs dans son véhicule peuvent échapper. Vérifiez son antenne, son câble et sa place.
notice-rides_elsewhere = Un capteur semble voyager ailleurs qu’indiqué : { $about }. Ou les véhicules roulent dans un autre ordre que celui indiqué, ou son horloge est décalée de plusieurs secondes. Le véhicule nommé en dépend : vérifiez, et corrigez case.toml.
notice-left_behind = Un capteur n’entend rien de ce que les autres croisent ({ $sensors }) : il semble être resté sur place. Les traceurs dans son véhicule peuvent échapper. Cherchez où il est, et corrigez case.toml.
notice-one_channel = Un capteur n’entend qu’un des trois canaux ({ $sensors }). Un traceur qui en utilise un autre n’y est pas entendu. Laissez-le changer de canal.
notice-channel_unheard = Un capteur n’entend rien sur un des trois canaux ({ $sensors }). Un traceur qui n’utilise que celui-là n’y est pas entendu. Vérifiez les réglages du capteur.
notice-sensor_late = La plupart des trames d’un capteur arrivent tard ({ $sensors }). Leur ordre est incertain. Vérifiez sa liaison et la charge de la machine.
notice-vehicle_without_sensor = Aucun capteur dans : { $about }. Un traceur n’y est entendu que par les capteurs des autres véhicules, et encore. Mettez-y un capteur, ou corrigez case.toml.
notice-sensor_offset = L’horloge d’un capteur s’écarte de celles des autres, jusqu’à { $largest } ({ $sensors }). Il en a été tenu compte. Réglez son horloge.
notice-positions_lost = Les positions sont perdues (sans position depuis { $duration } en tout, au moment du constat). Ce qui vous suit est jugé avec plus de prudence, et rien n’est dit dégagé. Vérifiez le récepteur de positions.
notice-positions_back = Les positions sont revenues, après { $largest } au plus.
notice-hears_again = Un capteur qui était sourd entend de nouveau, après { $largest } au plus ({ $sensors }). Ce qui a été émis entre-temps est perdu.
notice-unplugged = Un capteur a disparu ({ $sensors }) : débranché, ou liaison coupée. Rien n’est entendu dans son véhicule jusqu’à son retour. Rebranchez-le ; il reprend de lui-même.
notice-refused = Un capteur ne peut pas être utilisé ({ $sensors }) : droits manquants, ou un autre programme le tient. Rien n’est entendu par lui. « vigie doctor » dit que faire.
notice-failing = Un capteur ne fait pas ce qu’on lui demande ({ $sensors }). Rien n’est entendu par lui. Débranchez-le et rebranchez-le ; si cela ne suffit pas, remplacez-le.
notice-starved = Un capteur ne livre plus rien bien qu’il dise écouter ({ $sensors }). Il compte comme sourd jusqu’à ce qu’il livre à nouveau. Débranchez-le et rebranchez-le ; si cela continue, remplacez-le.
notice-filtered = Un capteur n’entend que ce qui ressemble à un traceur connu ({ $sensors }), car le système ne laisse rien passer d’autre. Les sortes inconnues échappent, et l’on ne sait pas comment l’entourage change. Utilisez un récepteur dédié.
notice-lost = Des trames ont été perdues avant d’arriver à Vigie ({ $sensors }) : { $figure } à la fois au plus. Des traceurs peuvent être entendus plus tard que possible. Soulagez la machine.
notice-reference_unheard = Votre balise de référence n’est pas entendue aussi souvent qu’elle le devrait ({ $sensors }). Le capteur compte comme sourd jusqu’à ce qu’il l’entende. Vérifiez-le, et la pile de la balise.
notice-clock_step = L’horloge de la machine a été changée, de { $largest } au plus. Les heures de cet enregistrement continuent régulièrement et ne sont pas modifiées. Comparez-les avec une heure connue.
notice-gnss_clock = L’horloge de cette machine et celle des satellites diffèrent, de { $largest } au plus. Si les satellites ont raison, toutes les heures de cet enregistrement sont décalées d’autant. Notez l’écart et réglez l’horloge avant le prochain départ.
notice-disk_low = Le disque de l’enregistrement se remplit. La détection continue. Faites de la place avant qu’il soit plein.
notice-disk_full = Le disque est plein : plus rien n’est enregistré. La détection continue. Faites de la place ; l’enregistrement reprend alors de lui-même.
notice-disk_back = L’enregistrement a repris. Ce qui a été entendu entre-temps a été jugé et n’est pas conservé.
notice-unrecorded = Des trames ont été jugées sans pouvoir être enregistrées : { $figure } à la fois au plus. Le disque est trop lent. Elles manqueront à une relecture.
notice-position_source_lost = Le récepteur de positions a disparu ou n’a plus de position. Ce qui vous suit ne se distingue plus par le lieu de ce qui est posé près de vous. Vérifiez son antenne et son câble.
notice-position_source_back = Le récepteur de positions est revenu, après { $largest } au plus.
notice-position_jump = Des positions ont sauté, de { $metres } au plus, et ont été écartées. C’est courant près de grands bâtiments ; si cela dure, quelqu’un perturbe peut-être les signaux des satellites.
notice-blind = On ne savait pas si quelque chose voyage avec vous.
notice-clear = Rien n’a été trouvé qui voyage avec vous, dans les limites indiquées.
notice-watch = Quelque chose s’approchait d’une alerte.
notice-act = Quelque chose voyageait avec vous.
notice-time_backwards = L’heure a reculé, de { $largest } au plus ({ $sensors }). L’ordre des événements autour est incertain. Vérifiez l’horloge de l’appareil qui enregistre.
notice-unknown_zone = Fuseau horaire inconnu, lu comme UTC : { $about }. Les heures peuvent être décalées. Comparez-en une avec une heure que vous connaissez.
notice-no_fix = Pas de positions ({ $sensors }). Les lieux ne peuvent donc pas aider à distinguer ce qui vous suit de ce qui est posé près de vous. Enregistrez les positions la prochaine fois.
notice-fix_jump = Les positions ont fait des sauts, de { $metres } au plus. Les lieux autour sont incertains ; les sauts n’ont pas été comptés comme un déplacement. Comparez avec votre trajet.
notice-standing_still = Vous êtes resté sur place pendant { $duration } en tout. Ce qui est posé près de vous semble alors rester avec vous ; ce temps compte donc moins. Déplacez-vous pendant l’enregistrement.
notice-flood_addresses = Plus d’adresses ont été entendues que l’on ne peut en suivre : { $figure } ont été laissées de côté. Quelqu’un sature peut-être la radio pour cacher un traceur. Éloignez-vous et recommencez.
notice-clone_likely = Un traceur qui change sans cesse d’adresse est peut-être à { $about }.
notice-clone_counted = Du traceur qui change sans cesse d’adresse à { $about }, { $figure } adresses ont été comptées en tout.
notice-newcomer = Nouveau depuis le stationnement, et bien reçu à : { $about }. La réponse pour chaque véhicule est en haut. Regardez là avant de partir.
notice-loud_before_departure = Bien reçu à : { $about }. On n’a pas enregistré qui était là à l’arrivée ; ce n’est donc pas forcément nouveau. La liste pour chaque véhicule est en haut.
notice-copied_other_family = L’adresse d’un appareil enregistré est utilisée par un traceur d’un autre type : { $about }. Il est jugé comme tout autre appareil. Cherchez lequel est le vôtre.
notice-copied_two_transmitters = L’adresse d’un appareil enregistré est émise depuis deux de vos véhicules à la fois : { $about }. L’un des deux est une copie. Il est jugé comme tout autre appareil.
notice-copied_elsewhere = Un appareil enregistré a été reçu alors qu’il est indiqué comme étant ailleurs : { $about }. Il est jugé comme tout autre appareil. Demandez à son propriétaire où il se trouve.
notice-copied_old_address = Une ancienne adresse d’un appareil enregistré est encore ou de nouveau utilisée : { $about }. L’appareil a changé d’adresse depuis ; quelqu’un la rejoue peut-être. Elle est jugée comme tout autre appareil.
notice-damage = Données abîmées : { $about } ({ $figure }). Le reste a été lu. S’il y en a beaucoup, copiez de nouveau l’enregistrement.
notice-column_passed_over = Non utilisé : { $about }. Rien n’est perdu, sauf si ces colonnes contiennent des adresses, des heures, des niveaux ou des trames ; dans ce cas, renommez-les comme l’indique la documentation.
notice-passed_over = Laissé de côté : { $about }. Vigie ne peut pas le lire et ne l’a pas jugé. « vigie doctor » donne la liste de ce qui peut être lu.
notice-no_payload = Un enregistrement n’a pas le contenu des trames. Le type de traceur ne peut pas être reconnu. Pour le connaître, enregistrez avec un récepteur qui garde les trames brutes.
notice-untested_on_real_files = Un format est lu d’après sa description et n’a jamais été essayé sur un vrai fichier. Comparez quelques lignes avec la sortie de « vigie decode ».
notice-unknown_value = Valeur inconnue, laissée de côté : { $about }. Le reste de la ligne compte. Corrigez-la si elle est importante.
notice-unknown_setting = Inconnu et laissé de côté dans case.toml : { $about }. Le reste est valable. Corrigez si c’est important.
notice-no_rssi = Un enregistrement n’a pas les niveaux de réception. On ne distingue pas le proche du lointain ; les indices viennent donc plus tard. Utilisez une application qui garde les niveaux.
notice-no_date = Les positions avant la première date du fichier sont laissées de côté. Les lieux manquent pour ce temps. Lancez l’enregistrement des positions avant de partir.
notice-no_positions = Un enregistrement est arrivé sans ses positions. Les lieux ne peuvent pas aider à le juger. Exportez-le de nouveau avec elles.
notice-first_seen_only = Un journal ne donne le lieu de chaque appareil qu’à sa première réception. Seules les heures disent s’il s’est déplacé avec vous. Utilisez un journal qui garde toutes les réceptions.
notice-time_read_as_utc = Des heures sans fuseau ont été lues comme UTC. Elles peuvent être décalées. Comparez-en une avec une heure que vous connaissez.
notice-payload_put_together = Le contenu des trames a été recomposé à partir des champs d’un journal ; il n’est pas tel que reçu. Ne le présentez pas comme des trames brutes.
notice-unknown = { $kind } : { $detail }. Il n’y a pas de texte pour ce code ; la documentation du flux de résultats l’explique peut-être.

## La ligne de commande : erreurs. Ce qui s’est passé, ce que cela veut dire, que faire.

error-empty = { $path } est vide. On ne peut rien en dire. Vérifiez que l’enregistrement a bien été sauvegardé et copiez-le de nouveau.
error-encrypted = { $path } est chiffré. Il n’a pas été jugé. Donnez la clé avec --identity FICHIER, ou portez l’enregistrement là où se trouve la clé.
error-unrecognised = { $path } n’est dans aucun format que Vigie connaît. Il n’a pas été jugé. « vigie doctor » donne la liste des formats ; exportez l’enregistrement dans l’un d’eux.
error-unreadable = { $path } n’a pas pu être lu à partir de l’octet { $offset } : { $reason }. Il n’a pas été jugé. Copiez-le de nouveau depuis son appareil ; si cela ne change rien, refaites un enregistrement.
error-io = { $path } : { $reason }. Il n’a pas été lu. Vérifiez que le fichier existe et que vous avez le droit de le lire.
error-no-frames = { $path } ne contient aucune trame Bluetooth : il n’y a rien à décoder. Si c’est un journal de réceptions, utilisez « vigie replay ».
error-output = Le résultat n’a pas pu être écrit : { $reason }. Il est incomplet. Vérifiez le disque, puis relancez la commande.
error-no-labels = { $path } n’a pas de fichier de vérité (truth.json ou truth_inferred.json) : rien ne peut être noté. Ajoutez-en un, ou jugez les enregistrements avec « vigie replay ».
error-folder = { $path } ne contient aucun enregistrement que Vigie connaît. Rien n’a été jugé. « vigie doctor » donne la liste des formats.
error-variant = Cette famille n’a pas cette variante. Elle a : { $known }. Rien n’a été simulé.

error-other = { $reason }. La commande n’a pas été exécutée et il n’y a pas de résultat. Corrigez ce qui est indiqué, puis relancez-la.

progress-reading = Lecture : { $percent }, { $frames ->
    [one] { $frames } trame
   *[other] { $frames } trames
}
## La ligne de commande : doctor

doctor-title = Vigie { $version }
doctor-formats = Formats lus :
doctor-format-pcap = captures pcap et pcapng (types de liaison 187, 201, 251, 254, 256, 272)
doctor-format-btsnoop = journaux btsnoop (1001, 1002, 2001), aussi dans un rapport de bug Android
doctor-format-packetlogger = fichiers Apple PacketLogger
doctor-format-bledoubt = journaux BLE-Doubt (JSON)
doctor-format-homescout = journaux HomeScout (CSV)
doctor-format-generic = réceptions génériques (une ligne JSON chacune, ou CSV avec en-tête)
doctor-format-untested = lus d’après leur description, jamais essayés sur de vrais fichiers : base Kismet, CSV WiGLE, export AirGuard
doctor-format-positions = positions : GPX, NMEA, CSV, lignes JSON
doctor-defaults = Sans option : profil { $profile }, niveau de menace { $threat }.
doctor-live = En direct, il écoute avec « vigie watch » ; il n’émet rien de lui-même.
doctor-section-receivers = Avec quoi cette machine peut entendre
doctor-section-machine = La machine
doctor-section-emissions = Ce que cette machine émet elle-même
doctor-section-listening = Ce que les récepteurs ont entendu
doctor-severity-ok = ok :
doctor-severity-note = à savoir :
doctor-severity-problem = PROBLÈME :
doctor-listens = Écoute pendant { $lasts }.
doctor-no-sensor = Rien n’a été ouvert. Pour mesurer ce qu’un récepteur entend : « vigie doctor --sensor NOM ».
doctor-total = Problèmes : { $problems }. À savoir : { $notes }.
doctor-phones = Les téléphones de l’équipe, avant de partir
doctor-phones-why = Chaque téléphone dont le Bluetooth est en marche peut signaler la place d’un traceur caché à son propriétaire. En route, ce sont surtout les téléphones du convoi lui-même.
doctor-phones-figures = Chance que la place d’un traceur soit signalée (simulé, avec un rythme que personne n’a mesuré ici) : un téléphone 9 % en une minute, 36 % en 5, 75 % en 20 ; trois téléphones 24 %, 67 %, 94 % ; dix téléphones 55 %, 92 %, 99 %.
doctor-phones-settings = Bluetooth coupé dans les réglages. Le bouton du panneau rapide ne suffit pas : sur bien des téléphones, il ne coupe que les connexions, et le Bluetooth revient de lui-même.
doctor-phones-after = Vérifiez encore après un redémarrage, une mise à jour ou un kit de voiture : chacun peut le rallumer.
doctor-phones-finding = Quitter le réseau de recherche (Localiser, Find Hub) ne remplace pas cela : rien ne montre du dehors que le téléphone ne signale plus.
doctor-phones-others = Les montres, écouteurs, tablettes et systèmes des voitures aussi.
doctor-phones-left = Ou laissé sur place, éteint. Un téléphone auquel quelqu’un d’autre a accès ne vient pas.

## Ce que doctor trouve : ce que c’est ; ce que cela signifie ; que faire

finding-adapter = Adaptateur Bluetooth { $adapter } ({ $device }). S’il est en marche n’est pas demandé.
finding-controller = Son contrôleur ({ $adapter }) : version HCI { $version }, révision du micrologiciel { $revision }, numéro de fabricant { $manufacturer }.
finding-controller_unknown = Le micrologiciel de { $adapter } n’est pas connu.
    .means = Seul l’administrateur peut le lire ici. Il est utile à côté d’un enregistrement, pas pour écouter.
    .do = Pour le voir : lancez « vigie doctor » en administrateur.
finding-adapter_blocked_soft = Le Bluetooth est bloqué par un logiciel ({ $adapter }).
    .means = Il n’entend rien.
    .do = Débloquez-le : rfkill unblock bluetooth. Laissez le Wi-Fi bloqué s’il l’est.
finding-adapter_blocked_hard = Le Bluetooth est bloqué par un interrupteur de la machine ({ $adapter }).
    .means = Il n’entend rien, et aucun programme n’y peut rien.
    .do = Cherchez un interrupteur, une touche du mode avion ou un réglage du micrologiciel de la machine ; ou prenez un récepteur USB.
finding-no_receiver = Aucun adaptateur Bluetooth et aucun analyseur connu n’est branché.
    .means = Cette machine peut juger des enregistrements. Seule, elle n’entend rien.
    .do = Branchez un adaptateur Bluetooth ou un analyseur, ou nommez un récepteur situé ailleurs : --sensor h4:tcp:HÔTE:PORT ou mqtt:HÔTE:PORT/SUJET.
finding-sniffer = Carte pour analyseur sur { $path } (USB { $ids }). Avec le micrologiciel d’un analyseur : --sensor { $sensor }. Celui qu’elle porte n’est pas demandé.
finding-serial_port = Port série { $path } (USB { $ids }) : aucune des cartes connues pour analyseur. C’est peut-être un récepteur de positions : --gnss nmea:{ $path }.
finding-serial_refused = { $path } ne peut pas être utilisé par ce compte.
    .means = Ce qui y est branché n’entend rien pour Vigie.
    .do = En administrateur : adduser NOM { $group }, puis ouvrez une nouvelle session. Le service a déjà ce droit.
finding-hci_allowed = Ce processus peut prendre un adaptateur pour lui seul (--sensor hci:N) ; il est rendu comme il a été trouvé.
finding-hci_shared = Ce processus peut prendre un adaptateur pour lui seul (--sensor hci:N), et bluetoothd tourne.
    .means = Tant que Vigie a l’adaptateur, rien d’autre sur cette machine ne peut s’en servir. Si Vigie est tué, l’adaptateur reste arrêté.
    .do = Rien, si rien d’autre n’en a besoin ; s’il est resté arrêté : hciconfig hciN up. Pour le partager : --sensor bluez:hciN, qui entend moins.
finding-hci_refused = Ce processus ne peut pas prendre un adaptateur pour lui seul : il manque { $missing }.
    .means = --sensor hci:N est refusé. Les analyseurs, les récepteurs h4 et mqtt et bluez:hciN n’en ont pas besoin.
    .do = Pour hci:N : installez le service avec son complément vigie-watch-hci.conf, ou donnez ce droit au programme : setcap cap_net_admin,cap_net_raw+ep sur le fichier. Ne lancez pas tout en administrateur pour cela.
finding-hci_unknown = Les droits de ce processus ne sont pas connus.
    .means = Si --sensor hci:N fonctionne n’est donc pas connu non plus.
    .do = Essayez : « vigie doctor --sensor hci:0 ».
finding-bus_absent = Il n’y a pas de bus système (D-Bus).
    .means = --sensor bluez:hciN ne peut pas fonctionner.
    .do = Prenez hci:N ou un analyseur ; ou installez dbus et bluez.
finding-bluetoothd_absent = bluetoothd ne semble pas tourner.
    .means = --sensor bluez:hciN ne fonctionne pas sans lui. Les autres n’en ont pas besoin.
    .do = Pour bluez:hciN : systemctl start bluetooth.
finding-bluez_ready = bluetoothd tourne, avec ses interfaces expérimentales : --sensor bluez:hciN peut écouter passivement. Il entend moins que les autres récepteurs.
finding-bluez_plain = bluetoothd tourne sans --experimental.
    .means = Avant sa version 5.80, il ne peut alors pas écouter passivement. Sa version n’est pas connue ici.
    .do = Pour bluez:hciN : essayez « vigie doctor --sensor bluez:hci0 » ; en cas de refus, lancez bluetoothd avec --experimental. N’utilisez pas :active là où un traceur pourrait s’en apercevoir.
finding-clock_set = L’horloge a été mise à l’heure par le réseau depuis le démarrage.
finding-clock_maybe = { $program } tourne. Si l’horloge a été mise à l’heure n’est pas connu.
    .means = Les heures de l’enregistrement peuvent être fausses ; pour juger, Vigie a seulement besoin qu’elles avancent régulièrement.
    .do = Vérifiez avant de partir : timedatectl, chronyc tracking ou ntpq -p.
finding-clock_unset = Rien ne semble mettre l’horloge à l’heure.
    .means = Elle continue telle qu’elle a été réglée et dérive, de quelques secondes par semaine. Les heures de l’enregistrement peuvent être fausses d’autant.
    .do = Comparez-la à une autre avant de partir et notez l’écart ; ou installez systemd-timesyncd ou chrony.
finding-clock_adrift = Rien ne semble mettre l’horloge à l’heure, et la machine n’en a aucune qui survive à une coupure.
    .means = À chaque démarrage, sa date peut être fausse de plusieurs jours. Les heures de l’enregistrement aussi.
    .do = Ajoutez un module d’horloge (RTC), ou installez systemd-timesyncd ou chrony et démarrez avec un réseau ; sinon réglez l’horloge à la main à chaque démarrage.
finding-rtc = Une horloge survit aux coupures ({ $name }).
finding-rtc_absent = Aucune horloge qui survive à une coupure n’est visible.
    .means = Après une coupure, la date est fausse jusqu’à sa remise à l’heure.
    .do = Sur un Raspberry Pi, ajoutez un module d’horloge (RTC), ou attendez l’heure du réseau avant de commencer.
finding-battery_none = Aucune batterie n’est visible.
    .means = Si l’alimentation manque, ne serait-ce qu’un tour de clé de contact, la machine n’entend plus.
    .do = Alimentez-la par une source qui continue seule, et essayez : coupez et relancez le moteur.
finding-battery_fed = Batterie { $name } : { $share }, alimentée de l’extérieur.
finding-battery_discharging = Batterie { $name } : { $share }, en décharge.
    .means = Une fois vide, la machine n’entend plus.
    .do = Branchez l’alimentation avant de partir.
finding-battery_low = La batterie { $name } est faible : { $share }, en décharge.
    .means = La machine n’entendra bientôt plus.
    .do = Branchez l’alimentation maintenant.
finding-battery_unknown = Batterie { $name } : sa charge n’est pas connue.
    .means = Elle peut se vider sans prévenir.
    .do = Branchez l’alimentation avant de partir.
finding-disk_room = { $gigabytes } Go libres pour l’enregistrement ({ $path }).
finding-disk_low = Seulement { $gigabytes } Go libres pour l’enregistrement ({ $path }).
    .means = Quelques heures dans un lieu fréquenté peuvent les remplir ; la veille continue alors, l’enregistrement s’arrête.
    .do = Faites de la place, ou nommez un autre disque avec --case.
finding-disk_full = Le disque est plein ({ $path } ; { $gigabytes } Go libres).
    .means = Rien ne peut être enregistré.
    .do = Faites de la place, ou nommez un autre disque avec --case.
finding-disk_unknown = La place libre pour l’enregistrement n’est pas connue ({ $path }).
    .means = L’enregistrement peut s’arrêter.
    .do = Vérifiez vous-même : df -h.
finding-wifi_up = Le Wi-Fi { $name } est connecté.
    .means = Il émet sans cesse, avec une adresse que l’on peut suivre du dehors.
    .do = Coupez-le pendant l’opération : rfkill block wlan.
finding-wifi_searching = Le Wi-Fi { $name } est en marche, sans connexion.
    .means = Il cherche, et peut appeler par leur nom les réseaux qu’il connaît.
    .do = Coupez-le pendant l’opération : rfkill block wlan.
finding-wifi_down = Le Wi-Fi { $name } est arrêté. Rien n’empêche un programme de le relancer : rfkill block wlan le fait.
finding-wifi_blocked = Le Wi-Fi { $name } est bloqué.
finding-wifi_unknown = Si le Wi-Fi { $name } est en marche n’est pas connu.
    .means = Il émet peut-être.
    .do = Vérifiez vous-même : rfkill list.
finding-cellular_up = L’interface de réseau mobile { $name } est en marche.
    .means = La machine est connue du réseau, qui peut la localiser.
    .do = Coupez-la si cela compte : rfkill block wwan.
finding-cellular_unknown = Il y a un modem de réseau mobile ({ $name }). S’il est sur le réseau n’est pas connu.
    .means = Le réseau peut peut-être localiser la machine.
    .do = Coupez-le si cela compte : rfkill block wwan.
finding-bluetooth_silent = Aucun adaptateur Bluetooth qui pourrait émettre : il n’y en a pas, ou tous sont bloqués.
finding-bluetooth_unknown = Si le Bluetooth de cette machine est visible n’est pas connu.
    .means = D’autres programmes peuvent le faire répondre et émettre son nom.
    .do = Vérifiez vous-même : bluetoothctl show. En marche sans « Discoverable », il ne répond qu’aux appareils associés ; bluetoothctl discoverable off.
finding-bluetooth_hidden = bluetoothd garde cette machine cachée des recherches, d’après ses réglages. Si elle émet en ce moment n’est pas connu.
finding-bluetooth_discoverable = bluetoothd laisse tout le monde trouver cette machine.
    .means = Elle répond aux recherches par son nom et une adresse qui dure.
    .do = Cachez-la : bluetoothctl discoverable off.
finding-bluetooth_name_tells = Le nom Bluetooth « { $name } » contient celui d’une personne qui a un compte ici.
    .means = Qui cherche peut le lire.
    .do = Donnez-lui un nom qui ne dit rien : bluetoothctl system-alias.
finding-mdns = Cette machine participe au DNS multidiffusé (avahi, ou port UDP 5353).
    .means = Elle peut dire son nom et ses services à tout le réseau.
    .do = Dans le réseau d’autrui, coupez-le : systemctl stop avahi-daemon.socket avahi-daemon.
finding-host_name = Le nom de machine « { $name } » ne contient le nom d’aucun compte d’ici. Il est donné aux réseaux que la machine rejoint.
finding-host_name_tells = Le nom de machine « { $name } » contient celui d’une personne qui a un compte ici.
    .means = Il est donné à chaque réseau que la machine rejoint.
    .do = Donnez-lui un nom qui ne dit rien : hostnamectl hostname NOM.
finding-sensor_described = { $sensor } dit de lui-même : { $description }.
finding-sensor_heard = { $sensor } : { $rate } réceptions par seconde de { $senders } adresses en { $listened } ; plus long silence { $silence } s ; quelque chose est entendu dans { $share } des secondes.
finding-sensor_gaps = { $sensor } : { $rate } réceptions par seconde de { $senders } adresses en { $listened } ; plus long silence { $silence } s ; quelque chose n’est entendu que dans { $share } des secondes.
    .means = Peu d’appareils sont proches, ou le récepteur fait des pauses : lequel des deux n’est pas connu.
    .do = Posez à côté un téléphone allumé ou un traceur à vous et mesurez encore, de préférence avec --reference et --interval.
finding-sensor_silent = { $sensor } a été ouvert pendant { $listened } et n’a rien entendu.
    .means = Il est sourd, ou rien n’émet à côté : lequel des deux n’est pas connu.
    .do = Posez à côté un téléphone allumé et mesurez encore. S’il n’entend toujours rien, débranchez-le et rebranchez-le, puis vérifiez antenne et micrologiciel.
finding-sensor_not_opened = { $sensor } n’a pas pu être ouvert : { $why }.
    .means = Rien n’est entendu par lui.
    .do = Ce qu’il lui faut est dit plus haut : est-il branché, ce compte peut-il l’utiliser, un autre programme le tient-il ?
finding-sensor_broke_off = { $sensor } a été perdu pendant l’écoute : { $why }.
    .means = Il aura des trous en route aussi.
    .do = Vérifiez prise, câble et alimentation ; puis mesurez plus longtemps : --for 5m.
finding-sensor_filtered = { $sensor } n’entend que ce que son filtre laisse passer.
    .means = Ce que le filtre ne connaît pas n’est jamais entendu.
    .do = Prenez un analyseur ou hci:N si possible.
finding-sensor_lost = { $sensor } : { $count } réceptions perdues avant d’atteindre Vigie.
    .means = La machine ou la liaison ne suit pas.
    .do = Donnez-lui un port USB à lui seul, et arrêtez ce que la machine fait d’autre.
finding-sensor_damaged = { $sensor } : { $count } paquets endommagés.
    .means = Quelques-uns sont normaux dans un air chargé. Beaucoup indiquent une mauvaise liaison ou un autre micrologiciel.
    .do = S’ils sont nombreux face à ce qui a été entendu : vérifiez le câble et le micrologiciel.
finding-channels = { $sensor } a entendu les canaux { $heard }.
finding-channels_unknown = { $sensor } ne dit pas sur quels canaux il entend.
    .means = S’il entend les trois n’est pas connu.
    .do = Rien, pour un adaptateur : il change de canal de lui-même. Un analyseur le dit.
finding-channels_unsure = { $sensor } a entendu jusqu’ici les canaux { $heard }.
    .means = Trop peu a été entendu pour dire s’il en manque.
    .do = Mesurez plus longtemps : --for 60s.
finding-channel_missing = { $sensor } a entendu les canaux { $heard } et pas { $missing }.
    .means = Il est sourd à un traceur qui n’émet que sur ceux qui manquent.
    .do = Laissez l’analyseur changer de canal, ou prenez-en un pour chacun.
finding-reference_heard = { $sensor } a entendu votre traceur { $address } { $heard } fois sur { $expected } : { $share } (95 % : { $low } à { $high }).
finding-reference_unsure = { $sensor } a entendu votre traceur { $address } { $heard } fois sur { $expected } : { $share } (95 % : { $low } à { $high }).
    .means = S’il est entendu assez souvent (la moitié de ce qu’il émet) n’est pas encore connu.
    .do = Mesurez plus longtemps, sans bouger le traceur : --for 5m.
finding-reference_seldom = { $sensor } n’a entendu votre traceur { $address } que { $heard } fois sur { $expected } : { $share } (95 % : { $low } à { $high }).
    .means = Moins de la moitié. Un traceur caché à cet endroit serait manqué aussi souvent. Ou l’adresse ou l’intervalle ne sont pas les siens.
    .do = Posez le traceur à côté du récepteur et mesurez encore. S’il est alors entendu, l’endroit est mauvais : déplacez le récepteur, ou prenez-en un second.
finding-reference_too_often = { $sensor } a entendu votre traceur { $address } { $heard } fois, pour { $expected } attendues.
    .means = Il émet plus souvent que dit ; la part entendue n’est donc pas connue.
    .do = Donnez son intervalle : --interval SECONDES.
finding-reference_too_short = { $sensor } a écouté moins d’un intervalle de votre traceur { $address } (entendu { $heard } fois, { $expected } attendues).
    .means = S’il entend assez le traceur n’est pas connu.
    .do = Mesurez plus longtemps : --for 5m.

## La ligne de commande : enregistrements simulés

enrol-added = { $name } est enregistré comme appareil à nous dans { $path }. Ce fichier ne regarde que son propriétaire.
enrol-removed = { $name } n’est plus enregistré. Il est désormais jugé comme tout autre appareil.
enrol-away = { $name } est noté comme étant ailleurs pendant ce temps. Si son adresse est reçue alors, elle est jugée comme toute autre.
enrol-nobody = Aucun appareil n’est enregistré dans { $path }.
enrol-none = non noté
enrol-line-key = { $name } : reconnu sous toutes ses adresses grâce à sa clé. Véhicule : { $vehicle }. Accord : { $consent }.
enrol-line-both = { $name } : reconnu sous toutes ses adresses grâce à sa clé, et comme { $list }. Véhicule : { $vehicle }. Accord : { $consent }.
enrol-line-address = { $name } : reconnu comme { $list }. Véhicule : { $vehicle }. Accord : { $consent }.
enrol-take = { $name } serait { $list } : en { $heard }, c’est ce qui a été le mieux reçu dans la durée ({ $level } dBm), { $louder } dB au-dessus du suivant.
enrol-take-alone = { $name } serait { $list } : en { $heard }, c’est ce qui a été le mieux reçu dans la durée ({ $level } dBm), et rien d’autre n’a duré.
enrol-changes = Cette adresse changera, chez la plupart des appareils en moins de 15 minutes. La suivante sera signalée comme probablement à vous et donnera quand même une alerte. Enregistrez l’appareil avec sa clé pour le reconnaître sous toutes ses adresses.
enrol-confirm = Rien n’a été gardé. Si c’est bien votre appareil, relancez la commande avec --yes. Un traceur caché près de vous peut donner le même résultat : pour être sûr, éteignez l’appareil et écoutez de nouveau.
error-enrol-where = Où garder les appareils enregistrés ? Indiquez un dossier d’affaire avec --case ou un fichier avec --file.
error-enrol-file = { $name } : ce n’est pas un fichier d’appareils enregistrés utilisable. Rien n’a été changé. Corrigez-le ou supprimez-le.
error-enrol-name = « { $name } » est déjà enregistré, ou n’est pas un nom. Choisissez un autre nom ou retirez-le d’abord.
error-enrol-unknown = « { $name } » n’est pas enregistré. Voyez « vigie enroll list ».
error-enrol-consent = La clé de « { $name } » permet de reconnaître l’appareil de son propriétaire partout. Elle n’est gardée qu’avec l’accord noté du propriétaire : --consent "qui, quand".
error-enrol-key = La clé de « { $name } » n’a pas 32 chiffres hexadécimaux. Rien n’a été gardé.
error-enrol-address = « { $name } » n’est pas une adresse d’appareil comme C0:11:22:33:44:55. Rien n’a été gardé.
error-enrol-family = « { $name } » n’est pas une famille de traceurs connue. Rien n’a été gardé. La documentation des formats en donne la liste.
error-enrol-device = L’enregistrement de « { $name } » est incomplet ou illisible. Retirez-le et enregistrez l’appareil de nouveau.
error-enrol-time = « { $name } » n’est pas une heure comme 2026-11-24T06:30:00Z. Rien n’a été gardé.
error-enrol-nothing = Rien de durable n’a été reçu à côté de « { $name } ». Son Bluetooth est-il allumé ? Écoutez plus longtemps, tout près.
error-enrol-quiet = Ce qui a été reçu est trop faible pour être à côté du récepteur ; « { $name } » n’a donc pas été enregistré. Posez l’appareil sur le récepteur et écoutez de nouveau.
error-enrol-two = Deux appareils sont reçus aussi fort ; on ne sait donc pas lequel est « { $name } ». Rien n’a été gardé. Éloignez les autres et écoutez de nouveau.
simulated = Enregistrement simulé : { $path }, { $frames ->
    [one] { $frames } trame
   *[other] { $frames } trames
}. Le traceur caché est { $tag }.

simulated-case = Cas simulé : { $path }, { $frames ->
    [one] { $frames } trame
   *[other] { $frames } trames
}. { $tags ->
    [0] Rien n’y est caché.
    [1] Le traceur caché est { $tag }.
   *[other] Le traceur caché emploie { $tags } adresses, { $tag } la première.
}

## La ligne de commande : evaluate. R0, R1 et R2 sont des façons d’étiqueter les appareils propres ; le dernier texte les explique.

evaluate-pooled = Tous les enregistrements
evaluate-rule = règle
evaluate-found = trouvés
evaluate-recall = rappel [95 %]
evaluate-precision = précision
evaluate-false-alarms = fausses alertes R0/R1/R2
evaluate-per-hour = par heure, R0 [95 %]
evaluate-median = médiane s
evaluate-ninety = 90 % s
evaluate-within = en 15/30 min
evaluate-restricted-mean = moyenne restreinte s
evaluate-brier = Brier R0/R1/R2
evaluate-hours = h
evaluate-identifiers = identifiants
evaluate-own = écartés comme propres R0/R1/R2
evaluate-reliability = Probabilités annoncées et part de celles qui étaient justes
evaluate-stated = annoncée
evaluate-emitters = n
evaluate-mean-stated = moyenne
evaluate-observed = observée [95 %]
evaluate-left-out = Calibrage refait en laissant chaque fois un enregistrement de côté
evaluate-base = base
evaluate-regimes = R0 : étiquettes telles quelles. R1 : sans les identifiants entendus dans la première minute à −70 dBm ou plus en moyenne. R2 : sans ceux-ci ni les adresses qui leur ont succédé. Les temps sont en temps réel, de la première réception à l’alerte.
evaluate-profile = Jugé avec le profil { $profile }. Une fausse alerte est comptée par identifiant.
evaluate-semi-synthetic = (semi-synthétique : composé à partir d’enregistrements réels)
evaluate-composed-still = Une balise fixe à côté de nous, deux heures à une position exacte
evaluate-composed-noise = Une balise fixe à côté de nous pendant deux heures, positions à 5 m près
evaluate-composed-leaving = Une balise fixe à côté de nous pendant deux heures, puis nous partons à pied
evaluate-composed-still-no-positions = Une balise fixe à côté de nous pendant deux heures, sans positions
evaluate-composed-ride = Un trajet de 40 minutes avec douze compagnons de voyage, un traceur posé
evaluate-composed-ride-no-positions = Un trajet de 40 minutes avec douze compagnons de voyage, un traceur posé, sans positions
evaluate-without-positions = Les mêmes enregistrements, sans les positions
evaluate-redraw-sighting = Traceurs placés avec un nouvel identifiant à chaque réception
evaluate-redraw-seconds = Traceurs placés avec un nouvel identifiant toutes les { $seconds } s
evaluate-redraw-together = Tous ceux d’un enregistrement ensemble ; une alerte de clone trouve tous les présents
evaluate-redraw-alone = Chacun seul, les réceptions des autres enlevées

## Mots qui comblent un vide

word-all_sensors = tous les capteurs
code-unknown = { $code } (pas de texte pour ce code)

## Scenarios

scenarios-progress = fait : { $case }, { $environment }
scenarios-simulated = Familles de scénarios (simulé)
scenarios-semi-synthetic = Familles de scénarios (semi-synthétique : trajets réels, appareils simulés)
scenarios-case = cas
scenarios-environment = milieu
scenarios-runs = audibles/essais
scenarios-recall = trouvés en 5/15/30 min
scenarios-median = médiane s
scenarios-ninety = 90 % s
scenarios-aim = visé s
scenarios-oracle = oracle médiane s
scenarios-clear-aboard = « clair » avec lui à bord
scenarios-vehicle = bon véhicule (parmi les nommés)
scenarios-pair = bon véhicule ou bonne paire
scenarios-expected = comme attendu
scenarios-alarms = fausses alertes
scenarios-links = liens trouvés/justes
scenarios-best-rival = meilleur rival : en 30 min, médiane s
scenarios-rivals = Règles rivales : trouvés en 30 min, médiane s
scenarios-clean = Trajets où rien n’est caché
scenarios-clean-rivals = Règles rivales sur ces trajets : fausses alertes par heure du convoi
scenarios-classes = appareils
scenarios-all = toutes classes
scenarios-tags = traceurs seuls
scenarios-drives = trajets avec alerte
scenarios-vehicle-hours = véhicules-heures
scenarios-emitters = émetteurs
scenarios-rate = par véhicule-heure [95 %]
scenarios-rate-by-drive = en comptant les trajets [95 %]
scenarios-resampled = trajets rééchantillonnés
scenarios-per-day = par jour de convoi de 10 h
scenarios-clear = part du temps « clair »
scenarios-reliability = Fiabilité : émetteurs qui voyagent avec nous, toutes lignes ensemble
scenarios-vehicle-reliability = Fiabilité : le véhicule nommé
scenarios-legend = Le temps compte depuis la première réception par un capteur, dans les lignes marquées * depuis le départ ; ce qui n’est
    pas trouvé compte comme jamais dans les quantiles. Fausses alertes : sur un émetteur + sur des traceurs qui changent de clé. = but atteint, ! manqué.
scenarios-prototypes = Les chiffres des prototypes et les nôtres dans leur monde (simulés les uns et les autres)
scenarios-theirs = prototype
scenarios-ours = vigie
scenarios-interrupted = Interrompu : des lignes peuvent reposer sur moins d’essais, et il en manque.

## Attaques

adversarial-title = Attaques et capteurs défectueux (simulés ; sept véhicules, quarante minutes, deux appareils enregistrés par véhicule, le traceur dans le coffre du troisième)
adversarial-legend = Temps en secondes depuis la première réception du traceur. Aveugle et dégagé sont des parts du temps, regardées toutes les dix secondes ; aveugle à la fin : nombre d’essais. Avis : nombre d’essais où chacun a été donné.
adversarial-none = rien
adversarial-flood = 10 000 adresses nouvelles par seconde à un capteur, pendant une minute
adversarial-replay-stranger = le traceur rejoue l’adresse et la clé d’un inconnu
adversarial-replay-own = le traceur porte l’adresse d’un appareil enregistré resté à la maison
adversarial-power = puissance qui saute de 12 dB en plus ou en moins
adversarial-channel-hopping = traceur sur le canal 37 seul, les capteurs changent de canal
adversarial-positions = positions perdues pendant dix minutes
adversarial-deaf = le capteur du véhicule du traceur se tait après cinq minutes
adversarial-yes = oui
adversarial-no = non
adversarial-load = { $number } trames étrangères par seconde et par canal
adversarial-channel-fixed = traceur sur le canal 37 seul, tous les capteurs sur { $number }
adversarial-clock = le capteur du véhicule du traceur décalé de { $number } s
adversarial-head-case = ce qui est fait
adversarial-head-environment = environnement
adversarial-head-tag = traceur
adversarial-head-found = trouvé
adversarial-head-median = médiane
adversarial-head-ninety = 90 %
adversarial-head-alarms = fausses alertes
adversarial-head-own = sur les nôtres
adversarial-head-blind = aveugle
adversarial-head-clear = dégagé
adversarial-head-end = aveugle à la fin
adversarial-head-emitters = émetteurs
adversarial-head-notices = avis

## Ligne de commande : faire sonner une balise

sound-warning = Ceci fait sonner { $address }. C’est une émission : Vigie se connecte à la balise, et qui surveille la radio voit que quelqu’un ici l’a trouvée. Le propriétaire de la balise peut l’entendre ou en être averti par son application. La balise en garde la trace : c’est une pièce à conviction, et ceci la modifie. Si ceux qui l’ont posée ne doivent pas apprendre qu’elle est trouvée, ne le faites pas.
sound-ask = Tapez « oui » pour continuer, autre chose pour renoncer :
sound-listening = Écoute de { $address }. Rien n’est encore émis.
sound-connecting = { $address } est reçue à { $level } dBm. Connexion : à partir de maintenant, ceci est émis.
sound-connected = Connecté. Recherche du moyen de la faire sonner.
sound-done = { $address } a reçu l’ordre de sonner ({ $way }, écrit : { $written }) et a répondu { $answer }. Écoutez, et cherchez là où c’est le plus fort. La connexion est fermée.
sound-done-unanswered = { $address } a reçu l’ordre de sonner ({ $way }, écrit : { $written }) et l’a pris sans répondre. Si vous n’entendez rien, son haut-parleur a peut-être été retiré : continuez d’après le niveau. La connexion est fermée.
sound-declined = { $address } a reçu l’ordre de sonner ({ $way }, écrit : { $written }) et a refusé ({ $answer }). Elle est sans doute près de son propriétaire, ou vient de sonner. Réessayez dans une demi-heure, ou continuez d’après le niveau.
sound-refused = { $reason }. Rien n’a été émis. Lancez la commande avec le droit d’utiliser le Bluetooth.
sound-lost = L’adaptateur ne peut pas écouter : { $reason }. Rien n’a été émis. Corrigez cela, puis réessayez.
sound-unheard = { $address } n’a pas été reçue, donc pas appelée. Rien n’a été émis. Elle a peut-être changé d’adresse : prenez la plus récente, et approchez-vous.
sound-unconnected = { $address } a été reçue, mais la connexion a échoué : { $reason }. La tentative a été émise. Approchez-vous et réessayez ; une balise connectée à son propriétaire n’accepte personne d’autre.
sound-no-way = { $address } est connectée, mais n’offre aucun moyen connu de sonner. L’appareil a remarqué la connexion, qui est fermée. Continuez d’après le niveau.
sound-unwritten = { $address } n’a pas accepté l’ordre : { $reason }. L’appareil a remarqué la connexion, qui est fermée. Elle est peut-être près de son propriétaire : réessayez dans une demi-heure, ou continuez d’après le niveau.
sound-recorded = Ceci est noté dans l’affaire.

error-sound-address = « { $address } » n’est pas une adresse d’appareil comme C0:11:22:33:44:55. Rien n’a été émis.
error-sound-sensor = On ne peut faire sonner une balise que par bluetoothd. Rien n’a été émis. Nommez l’adaptateur : --sensor bluez:hci0.
error-sound-unconfirmed = { $address } n’a pas sonné, parce que personne ne l’a confirmé. Rien n’a été émis. Confirmez dans un terminal, ou donnez --yes si vous avez lu qui peut le remarquer.

## Démonstration

demo-intro = Simulé : un convoi de { $vehicles } véhicules en ville, un capteur dans chacun.
demo-parked = { $at }  Les véhicules sont garés.
demo-planted = { $at }  (sans témoin) Quelqu’un cache un traceur dans { $vehicle }.
demo-departure = { $at }  Le convoi part.
demo-found = En vérité il était dans { $vehicle }. L’alerte est venue { $seconds } après le départ.
demo-missed = En vérité un traceur était dans { $vehicle }. Il n’a pas été trouvé.

## Alarmes : ce qui quitte la machine, et ce qui en est dit

alarm-title-alert = Vigie : alerte
alarm-title-deaf = Vigie : écoute impossible
alarm-title-test = Vigie : essai
alarm-alert = Vigie : alerte. Quelque chose voyage avec vous. Ouvrez Vigie.
alarm-deaf = Vigie : écoute impossible. Un récepteur est sourd depuis plus d’une minute : ce qui voyage avec vous en ce moment peut passer inaperçu. Ouvrez Vigie.
alarm-test = Vigie : essai de ce canal. Il ne dit rien de ce qui vous entoure. Il n’y a rien à faire.
alarm-when = { $utc } UTC, { $local } heure locale. Référence : { $reference }.
alarm-full-vehicle = Véhicule : { $vehicle } ({ $probability }).
alarm-full-found = Probabilité : { $probability }. Analyse : { $analyzer }.
alarm-full-sensor = Capteur : { $sensor }.
alarm-none = { $path } ne prévoit aucune alarme : les alertes restent sur cette machine. Ajoutez une section [[alarm]] pour être prévenu ailleurs.
alarm-test-delivered = { $channel } : remis.
alarm-test-failed = { $channel } : ÉCHEC. { $reason }. { $todo }
alarm-do-unreachable = Les alarmes n’y arrivent pas. Vérifiez que le serveur tourne, son nom, son port, et le réseau.
alarm-do-timed_out = Les alarmes n’y arrivent pas à temps. Vérifiez le réseau, et ce qui retient le serveur ou le programme.
alarm-do-certificate = L’autre côté n’a pas montré qui il est, rien n’a donc été envoyé. Vérifiez son nom et son certificat ; pour une autorité à vous, indiquez ca_file.
alarm-do-refused = Le serveur veut un autre nom, mot de passe ou jeton. Mettez le bon là où la configuration l’indique.
alarm-do-answer = Le serveur est là et ne prend pas le message. Vérifiez l’adresse ou le sujet, et le journal du serveur.
alarm-do-program = Le programme n’a pas fait son travail. Lancez-le à la main.
alarm-do-terminal = Lancez Vigie dans un terminal, ou indiquez un lecteur (player).
alarm-state-none = { $path } ne contient aucune file d’alarmes : rien n’a jamais été à envoyer depuis ce dossier.
alarm-no-such-cause = Aucune cause ne s’appelle { $cause }. Les messages l’indiquent après « Référence ».
alarm-state-empty = Aucune alarme n’a été donnée.
alarm-state-channel = { $channel } : { $delivered } remises, { $waiting } en attente, { $undeliverable } non remises jusqu’ici, { $muted } en sourdine, { $acknowledged } devenues inutiles.
alarm-state-failing = en échec depuis { $since } UTC ({ $reason }) ; réessayé, au plus tard toutes les cinq minutes
alarm-state-mute = En sourdine jusqu’à { $until } UTC : { $what }, par { $by } : { $reason }
alarm-state-acknowledged = Pris en compte à { $at } UTC : { $cause }, par { $by }
alarm-expected = { $vehicles ->
    [one] Alarmes à attendre en dix heures avec un véhicule et rien à bord, niveau de menace normal (simulé, non mesuré sur route) :
   *[other] Alarmes à attendre en dix heures avec { $vehicles } véhicules et rien à bord, niveau de menace normal (simulé, non mesuré sur route) :
}
alarm-expected-row = { $environment } : { $tags } (jusqu’à { $tags_high }) par des balises d’autrui, { $all } (jusqu’à { $all_high }) en comptant tout appareil
alarm-expected-row-tags = { $environment } : { $tags } (jusqu’à { $tags_high }) par des balises d’autrui
alarm-environment-rural = route de campagne
alarm-environment-motorway = autoroute
alarm-environment-city = ville
alarm-environment-crowd = foule
## La ligne de commande : ce qui est faux dans un fichier de réglages

error-setting-unknown = { $path }, ligne { $line } : il n’y a pas de réglage « { $name } » ici. Les réglages n’ont pas été pris, et la commande n’a pas été exécutée. Possibles ici : { $more }.
error-setting-choice = { $path }, ligne { $line } : « { $name } » n’est pas possible ici. Les réglages n’ont pas été pris, et la commande n’a pas été exécutée. Possibles : { $more }.
error-setting-type = { $path }, ligne { $line } : « { $name } » doit être { $more }. Les réglages n’ont pas été pris, et la commande n’a pas été exécutée. Corrigez la ligne.
error-setting-missing = { $path }, ligne { $line } : « { $name } » y manque. Les réglages n’ont pas été pris, et la commande n’a pas été exécutée. Ajoutez-le.
error-setting-twice = { $path }, ligne { $line } : « { $name } » est réglé deux fois. Lequel compte n’est pas connu, et la commande n’a pas été exécutée. Retirez-en un.
error-setting-other = { $path }, ligne { $line } : ce n’est pas du TOML, ou au mauvais endroit ({ $name }). Les réglages n’ont pas été pris, et la commande n’a pas été exécutée. Un réglage s’écrit nom = valeur, un texte entre guillemets droits, une section par son nom entre crochets.
setting-number = un nombre (0.5)
setting-count = un nombre entier, à partir de 0 (3)
setting-whole = un nombre entier (-3)
setting-text = un texte entre guillemets droits
setting-truth = true ou false
setting-list = une liste entre crochets
setting-section = une section, son nom entre crochets sur une ligne à elle

## Le serveur de la console

console-open = Console : { $address }
console-address = Console : { $address }  Le lien complet, avec sa clé, est dans { $path }.
console-serves = La console reste ouverte. Ctrl+C y met fin.
console-busy = La console ne peut pas écouter sur { $address } : { $reason }. Donnez une autre adresse avec « --listen », ou « --no-console ».
console-not-loopback = La console n’écoute que sur cette machine. { $address } peut être atteinte par d’autres, et cette version ne chiffre pas : ils pourraient tout lire. Écoutez sur 127.0.0.1 ; d’ailleurs, passez par un tunnel (ssh -L 8750:127.0.0.1:8750).
console-paced = Simulé, à { $speed } fois la vitesse du temps.
refused-login = Vous n’êtes pas connecté, ou votre temps est écoulé. Ouvrez le lien affiché par Vigie, ou demandez-en un nouveau.
refused-token = Cette clé n’ouvre rien. Copiez de nouveau le lien entier, ou demandez-en un nouveau. La tentative est inscrite au journal.
refused-role = Votre rôle ne le permet pas. Demandez un lien avec plus de droits à une personne qui peut en créer.
refused-forged = Cette demande ne venait pas de cette page et n’a pas été exécutée. Ouvrez la console par son propre lien.
refused-unknown = Il n’y a rien à cette adresse. Revenez à la page d’accueil.
refused-method = Cette adresse n’accepte pas une telle demande.
refused-large = Le texte est trop long. Raccourcissez-le et réessayez.
refused-media = Le serveur n’accepte ici que du JSON.
refused-attempts = Trop de clés fausses à la fois. Attendez une minute et réessayez.
refused-field = « { $field } » manque ou n’a pas la bonne forme. Corrigez et réessayez ; rien n’a été changé.
refused-about = { $about } ne figure pas parmi les alertes. La numérotation a pu changer : rechargez la liste.
refused-unconfirmed = Dire que cet appareil est à nous fait taire ses alarmes. Confirmez, ou laissez ; rien n’a été changé.
refused-store = Cela n’a pas pu être écrit, et n’a donc pas été fait : { $reason }. Vérifiez la place sur le disque et réessayez.
cause-silent = Un capteur n’a rien entendu depuis plus longtemps que d’habitude ({ $sensors }). Rien n’est entendu dans son véhicule. Vérifiez son câble et son emplacement.
cause-air_full = L’air autour d’un capteur est si encombré que la plupart des trames sont perdues ({ $sensors }). Un traceur peut être là sans être entendu.
act-look = a consulté
act-login = s’est connecté
act-login_refused = une clé fausse a été essayée
act-acknowledge = a pris acte
act-mute = a mis en sourdine
act-unmute = a levé une sourdine
act-ours = a dit que c’est à nous
act-officer_alert = le téléphone d’un agent a donné une alerte
act-note = a noté
act-link = a créé un lien
act-sound = a fait sonner un traceur
owner-blind = Le propriétaire du traceur ne remarque rien de ce que fait Vigie : il écoute seulement.
owner-clear = Le propriétaire du traceur ne remarque rien de ce que fait Vigie : il écoute seulement.
owner-watch = Le propriétaire du traceur ne remarque rien tant que vous roulez comme d’habitude et ne touchez pas à l’appareil.
owner-act = Le propriétaire voit où va le traceur, et que vous vous arrêtez, faites demi-tour ou entrez dans un poste de police. Si le traceur est enlevé, éteint ou blindé, il voit qu’il reste sur place ou se tait. Le faire sonner peut lui être signalé.
demo-case = Démonstration

## Console page

ui-skip = Aller aux suspects
ui-sections = Parties de la page
ui-suspects = Suspects
ui-suspect = Suspect
ui-state = État
ui-map = Carte
ui-map-label = Carte du convoi ; les mêmes choses sont dites ci-dessous
ui-timeline = Chronologie
ui-timeline-head = Chronologie : ce qui voyage avec vous
ui-timeline-label = Chronologie par véhicule ; les mêmes choses sont dans le tableau ci-dessous. Les flèches déplacent, plus et moins agrandissent ou réduisent.
ui-timeline-move = Déplacer la chronologie
ui-timeline-table = Ce qui voyage avec vous, par véhicule et par heure
ui-timeline-none = Rien qui voyage avec vous pour l’instant. Ce n’est pas un feu vert.
ui-timeline-more = { $count } autres sont dessinés ci-dessus.
ui-earlier = Plus tôt
ui-later = Plus tard
ui-nearer = Agrandir
ui-farther = Réduire
ui-whole = Tout voir
ui-search = Fouille
ui-search-head = Fouiller un véhicule
ui-search-none = Ce suspect n’a pas été entendu à ce véhicule. Cela ne dit pas qu’il n’y est pas.
ui-search-age = Entendu il y a { $age }, à { $at }.
ui-search-count = Moyenne de { $count } réceptions.
ui-search-spread = Les { $span } d’avant : entre { $least } et { $most }. Un niveau dans ces bornes ne dit ni chaud ni froid.
ui-search-stay = Restez au moins { $span } dans chaque zone : c’est { $count } réceptions au rythme actuel.
ui-hotter = plus chaud
ui-colder = plus froid
ui-same = pas de changement qui compte
ui-old = ancien : attendez qu’il soit entendu de nouveau
ui-sound-last = Le faire sonner vient en dernier : son propriétaire peut être prévenu. Cherchez d’abord au niveau et à la main.
ui-zone = Zone
ui-sensors = Capteurs
ui-sensors-head = Capteurs
ui-sensor = Capteur
ui-hears = Entend
ui-hears-yes = entend
ui-hears-no = SOURD
ui-heard-last = Entendu en dernier
ui-frames = Trames
ui-channels = Par canal
ui-on-channel = { $sensor }, canal { $channel }
ui-deaf = Temps de surdité
ui-no-deaf = Aucun capteur n’a été trouvé sourd.
ui-cause = Cause
ui-from = De
ui-to = À
ui-still = toujours
ui-ours-head = Nos propres appareils (présence seule)
ui-no-ours = Aucun de nos appareils n’est enrôlé ici, ou aucun n’a été entendu.
ui-device = Appareil
ui-present = Présent pendant
ui-not-heard = pas entendu
ui-threat-head = Niveau de menace, et ce que chacun en ferait
ui-level-of-threat = Niveau de menace
ui-now = actuel
ui-of-strongest = Probabilité du suspect le plus fort
ui-llr-of-strongest = Indices sur le suspect le plus fort : { $llr } nats, les mêmes à tous les niveaux.
ui-threat-note = Le niveau change ce que l’on croit d’avance, jamais les indices. Un niveau plus élevé alerte plus tôt, et plus souvent à tort.
ui-shift = Relève
ui-shift-head = Passer la relève
ui-print = Imprimer cette page
ui-open = Alertes ouvertes
ui-none-open = Aucune alerte ouverte.
ui-mutes = En sourdine
ui-no-mutes = Rien n’est en sourdine.
ui-decisions = Qui a décidé quoi
ui-no-decisions = Rien n’a encore été décidé ici.
ui-log-head = Journal : qui a agi et qui a consulté
ui-when = Quand
ui-person = Qui
ui-what = Quoi
ui-about = Sur
ui-theme = Luminosité
ui-cover = Masquer
ui-covered = La page est masquée
ui-simulated = SIMULÉ : rien ici n’est réel
ui-speed = · ×{ $speed }
ui-ended = · terminé
ui-lost = Liaison perdue : ce que vous voyez date de { $at }
ui-standstill = Rien de nouveau depuis { $at } : cette image est figée
ui-zone-of-time = Heures d’ici : { $zone }
ui-unknown = inconnu
ui-unknown-device = Appareil inconnu
ui-todo = Que faire
ui-todo-full = Que faire, en détail
ui-why = Ce que l’on ne sait pas
ui-more = Plus : conseils en détail, ce que voit le propriétaire, ce qui n’est jamais exclu
ui-owner = Ce que le propriétaire du traceur remarquerait
ui-cannot-exclude = Ce que l’on ne peut jamais exclure
ui-since = Depuis { $at } ({ $span }).
ui-clear-without = Il n’y a pas de chiffre pour dire à quel point c’est sûr.
ui-figures = Image de { $at }. Écoute : { $heard }. { $passers } passants, comptés et jamais listés.
ui-no-suspects = Pas de suspect pour l’instant. Ce n’est pas un feu vert : l’état ci-dessus dit ce qui a été entendu.
ui-more-suspects = { $count } autres suspects ne sont pas dessinés ici.
ui-heard-from-to = Entendu { $from } – { $to }. Alerte { $at }, après { $span }.
ui-acknowledged = Pris en compte par { $who }, { $at } { $reason }
ui-muted-until = en sourdine jusqu’à { $at }
ui-called-ours = Déclaré nôtre
ui-by-vehicle = Dans quel véhicule, et à quel niveau
ui-vehicle = Véhicule
ui-probability = Probabilité
ui-level = Dernier niveau
ui-heard-at = Entendu à
ui-span = De – à
ui-outside = aucun des nôtres
ui-reasons = Raisons et indices
ui-for = Pour
ui-against = Contre
ui-nothing-known = Rien de connu.
ui-evidence = Indices et croyance
ui-llr = Indices : logarithme du rapport de vraisemblance, en nats
ui-prior = Cru d’avance (a priori)
ui-both = Probabilité, des deux
ui-identifiers = Adresses
ui-counted = Adresses comptées
ui-evidence-note = Le niveau de menace change ce que l’on croit d’avance, jamais les indices.
ui-acknowledge = Prendre en compte
ui-acknowledge-says = Vous l’avez vu et quelqu’un s’en occupe. Il reste ici et au journal.
ui-mute = Mettre en sourdine
ui-mute-says = Pas d’alarme pour lui jusqu’à la fin du délai. La relève lira pourquoi.
ui-unmute = Finir la sourdine
ui-unmute-says = Il peut de nouveau alerter dès maintenant.
ui-ours = C’est à nous
ui-ours-says = Seulement si vous le tenez en main et savez à qui il est. Un traceur caché déclaré nôtre n’alerte personne.
ui-confirm-ours = J’ai vu l’appareil, et il est à nous
ui-officer-alert = Un téléphone a alerté
ui-officer-alert-says = Le téléphone d’un agent a signalé un traceur. Notez quand, et ce qu’il a dit.
ui-note = Note
ui-note-says = Elle va au journal avec votre nom et l’heure.
ui-link = Lien pour une autre personne
ui-link-says = Un lien qui ouvre cette page une fois, pour une personne.
ui-link-once = Remettez-le en main propre. Il n’est montré que maintenant.
ui-role = Peut
ui-role-look = consulter
ui-role-act = consulter et agir
ui-role-administer = administrer
ui-hours = Pour combien d’heures
ui-for-whom = Pour qui
ui-who = Votre nom
ui-reason = Raison
ui-reason-if-any = Raison, s’il y en a une
ui-until = Pour combien de temps
ui-at = À quelle heure
ui-do-it = Valider et consigner
ui-cancel = Annuler
ui-close = Fermer
ui-done = Fait et consigné, { $at }.
ui-no-positions = Aucune position n’est connue.
ui-convoy = convoi
ui-map-last = { $vehicle } : en dernier à { $lat }, { $lon }, { $at }
ui-map-suspect = { $id } : entendu à { $count } points du trajet, en dernier { $at } à { $level }
